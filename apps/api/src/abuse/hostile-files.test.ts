import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "../modules/account/api-key.js";
import { type FilesApi, startFilesApi } from "../modules/artifact/files-api.fixture.js";
import { insertTestRuns, type TestRun } from "../modules/metric/test-run.fixture.js";
import { operator } from "../test-viewer.fixture.js";

describe.each(["a folder", "S3"] as const)("files that mean harm, in %s", (where) => {
  let api: FilesApi;
  let run: TestRun;
  let foreign: TestRun;
  beforeAll(async () => {
    api = await startFilesApi(where);
    [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    [foreign] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
  });
  afterAll(() => api.close());

  const keys = async () => {
    const found: string[] = [];
    for await (const { sha256 } of api.server.app.blobs.list()) found.push(sha256);
    return found;
  };
  const keyOf = async (projectId: string, scope: "LOG" | "READ" | "WORK") => {
    const { key } = await createApiKey(api.server.app.db, operator, projectId, { name: "k", scopes: [scope] });
    return { authorization: `Bearer ${key}` };
  };

  it.each([
    ...["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "%2e%2e/%2e%2e/x"],
    ...["..\\..\\windows\\win.ini", "C:\\boot.ini", "\\\\host\\share\\x", "/etc/passwd", "file:///etc/passwd"],
    ...[
      "http://169.254.169.254/latest",
      "s3://other/x",
      "a/../../b",
      "....//....//x",
      ".",
      "..",
      "~/x",
      "x#/../y",
      "$(id)",
    ],
    ...["__proto__", "con.txt", "a".repeat(256), "\u202egpj.exe", "\uff8a\uff70\uff84\uff9e/e\u0301", "x;y|z&&w"],
  ])("a name that would be a path is a text and leads nowhere: %s", async (name) => {
    const content = randomBytes(8);
    const attempt = await api.upload(run.id, name, content).catch((error: Error) => error.message);
    if (typeof attempt === "string") return expect(attempt).toMatch(/^400 BAD_INPUT: name/);
    expect(attempt.name).toBe(name.normalize("NFC").trim());
    const response = await api.request("GET", attempt.path);
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    // Of the name only this is sent as it is: no header can be split by it, and what saves the file gets no path of it by the plain name.
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.~!%-]+$/,
    );
    expect((await keys()).every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
  });

  it("a name that cannot be stored or read is refused", async () => {
    for (const name of ["", " ", "a\nb", "a\0b", "\ud800", "a".repeat(257)])
      await expect(api.upload(run.id, name, randomBytes(4)), JSON.stringify(name)).rejects.toThrow(/BAD_INPUT.*name/);
  });

  it.each([
    "/artifact/../etc/passwd",
    "/artifact/..%2f..%2fetc%2fpasswd",
    "/artifact/blobs%2f00",
    "/upload/..%2fx",
    "/artifact/%00",
  ])("an address leads to no other file: %s", async (path) => {
    expect([400, 404]).toContain((await api.request("GET", path)).status);
  });

  it.each([
    ["page.html", "text/html", "<script>fetch('//evil.example')</script>"],
    ["drawing.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ["paper.pdf", "application/pdf", "%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"],
    [
      "data.xml",
      "text/xml",
      '<?xml-stylesheet href="javascript:alert(1)"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ],
  ])("a script is never served as one: %s", async (name, mediaType, text) => {
    const content = Buffer.from(text);
    const { id } = await api.begin(run.id, name, content, { mediaType });
    await api.sendPiece(id, content, 0);
    const { path } = (await (await api.request("POST", `/upload/${id}/complete`)).json()) as { path: string };
    const { headers } = await api.request("GET", path);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(await api.refusal(await api.request("GET", `${path}/preview`))).toMatch(/^404 NOT_FOUND/);
  });

  it("a picture that explodes, goes on for ever or is cut has no preview, and the file is there", async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#123456" } })
      .png()
      .toBuffer();
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    const jpeg = await sharp(png).jpeg().toBuffer();
    const files = {
      "bomb.png": bomb,
      "cut.jpg": jpeg.subarray(0, 200),
      "laughs.svg": Buffer.from("<svg>&lol9;</svg>"),
    };
    for (const [name, content] of Object.entries(files)) {
      const { path } = await api.upload(run.id, name, content);
      expect(await api.refusal(await api.request("GET", `${path}/preview`)), name).toMatch(
        /^404 NOT_FOUND: This picture/,
      );
      expect((await api.request("GET", path)).status, name).toBe(200);
    }
  });

  it("an archive or a pickle is bytes: it comes back as it came, and nothing of it is unpacked or shown", async () => {
    const before = where === "a folder" ? await readdir(api.folder) : [];
    const files = {
      "slip.zip": Buffer.from(
        "504b0304140000000000000000000000000000000000000000000e0000002e2e2f2e2e2f65766963",
        "hex",
      ),
      "bomb.tar.gz": gzipSync(Buffer.alloc(20e6)),
      "model.pkl": Buffer.from("cos\nsystem\n(S'touch /tmp/residual-pickle'\ntR."),
      "model.pt": Buffer.from("80027d71002e", "hex"),
      // A pickle under the name of a format that is looked into.
      "model.safetensors": Buffer.from("80027d71002e80027d71002e", "hex"),
    };
    for (const [name, content] of Object.entries(files)) {
      const { id, path } = await api.upload(run.id, name, content);
      const back = Buffer.from(await (await api.request("GET", path)).arrayBuffer());
      expect(back.equals(content), name).toBe(true);
      const query = `{ node(id: "${id}") { ... on Artifact { tensors { problem tensors { name } } } } }`;
      const { tensors } = (await api.server.ask(query, {}, api.owner)).data.node;
      if (name === "model.safetensors") expect(tensors.problem).toMatch(/cannot be shown: its header claims/);
      else expect(tensors, name).toBeNull();
    }
    if (where === "a folder")
      expect(new Set(await readdir(api.folder))).toEqual(new Set([...before, "blobs", "uploads"]));
  });

  it("a key for one project neither reaches the files of another nor adds to them", async () => {
    const file = await api.upload(foreign.id, "secret.bin", randomBytes(9));
    const begun = await api.begin(foreign.id, "half.bin", Buffer.from("x"));
    const [log, read] = [await keyOf(run.projectId, "LOG"), await keyOf(run.projectId, "READ")];
    expect((await api.request("GET", file.path, undefined, read)).status).toBe(404);
    await expect(api.begin(foreign.id, "mine.bin", Buffer.from("x"), {}, log)).rejects.toThrow(/^404 NOT_FOUND/);
    for (const [method, path] of [
      ["PATCH", ""],
      ["POST", "/complete"],
      ["DELETE", ""],
    ] as const) {
      const headers = { ...log, "upload-offset": "0" };
      expect((await api.request(method, `/upload/${begun.id}${path}`, "x", headers)).status, method).toBe(404);
    }
    // Who knows the hash of a file of another project still has to have the file.
    const claimed = await api.begin(run.id, "claimed.bin", Buffer.from("another 9"), { sha256: file.sha256 }, log);
    await api.sendPiece(claimed.id, Buffer.from("another 9"), 0, log);
    const refused = await api.request("POST", `/upload/${claimed.id}/complete`, undefined, log);
    expect(await api.refusal(refused)).toMatch(/^422 MISMATCH/);
  });

  it("a key that logs leaves the runs of workers alone", async () => {
    const { pool } = api.server.app;
    await pool.query("UPDATE run SET origin = 'TRAINED_HERE' WHERE id = $1", [run.id]);
    const log = await keyOf(run.projectId, "LOG");
    await expect(api.begin(run.id, "checkpoint.bin", Buffer.from("x"), {}, log)).rejects.toThrow(/^403 FORBIDDEN/);
    await pool.query("UPDATE run SET origin = 'LOGGED' WHERE id = $1", [run.id]);
  });

  it("a worker's key carries files to nothing but the run that it holds, and only as long as it does", async () => {
    const { pool } = api.server.app;
    const [held] = (await insertTestRuns(pool, 1)) as [TestRun];
    await pool.query("UPDATE run SET origin = 'TRAINED_HERE', lease_generation = 2 WHERE id = $1", [held.id]);
    const work = await keyOf(held.projectId, "WORK");
    const content = randomBytes(50);
    const begin = (target: string, leaseGeneration?: number) =>
      api.begin(target, "best.safetensors", content, { leaseGeneration }, work);
    await expect(begin(run.id, 2)).rejects.toThrow(/^404 NOT_FOUND/);
    await expect(begin(held.id)).rejects.toThrow(/^409 FENCED/);
    await expect(begin(held.id, 1)).rejects.toThrow(/^409 FENCED/);
    const [logged] = (await insertTestRuns(pool, 1)) as [TestRun];
    await pool.query("UPDATE run SET project_id = $2, dist_key = $3 WHERE id = $1", [
      ...[logged.id, held.projectId, held.distKey],
    ]);
    await expect(begin(logged.id, 2)).rejects.toThrow(/^403 FORBIDDEN/);
    const [one, late] = [await begin(held.id, 2), await begin(held.id, 2)];
    const complete = async (id: string) => {
      await api.sendPiece(id, content, 0, work);
      return api.request("POST", `/upload/${id}/complete`, undefined, work);
    };
    const done = await complete(one.id);
    expect(done.status).toBe(201);
    // What it uploaded it does not get to read: that is for people.
    const { path } = (await done.json()) as { path: string };
    expect((await api.request("GET", path, undefined, work)).status).toBe(403);
    await pool.query("UPDATE run SET lease_generation = 3 WHERE id = $1", [held.id]);
    expect(await api.refusal(await complete(late.id))).toMatch(/^409 FENCED/);
    expect((await pool.query("SELECT FROM artifact WHERE run_id = $1", [held.id])).rowCount).toBe(1);
  });
});
