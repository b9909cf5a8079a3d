import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { pieceBytes } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer } from "../../test-server.js";
import { verifyBlobs } from "../../verify/verify-blobs.js";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";
import { type FilesApi, sha256, startFilesApi } from "./files-api.fixture.js";
import { sweepFiles } from "./sweep-files.js";

describe.each(["a folder", "S3"] as const)("a file is uploaded to %s", (where) => {
  let api: FilesApi;
  let run: TestRun;
  beforeAll(async () => {
    api = await startFilesApi(where, { RESIDUAL_FILE_BYTES: "30e6", RESIDUAL_PROJECT_FILE_BYTES: "100e6" });
    [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
  });
  afterAll(() => api.close());

  const blobs = () => api.server.app.blobs;
  const versions = async (name: string) => {
    const { rows } = await api.server.app.pool.query(
      "SELECT version, sha256 FROM artifact WHERE run_id = $1 AND name = $2 ORDER BY version",
      [run.id, name],
    );
    return rows as { version: number; sha256: string }[];
  };
  const download = async (path: string) => Buffer.from(await (await api.request("GET", path)).arrayBuffer());

  it("in pieces, and comes back byte for byte", async () => {
    const content = randomBytes(2 * pieceBytes + 77);
    const artifact = await api.upload(run.id, "weights/best.bin", content);
    expect(artifact).toMatchObject({
      name: "weights/best.bin",
      version: 1,
      bytes: content.length,
      sha256: sha256(content),
    });
    expect((await download(artifact.path)).equals(content)).toBe(true);
  });

  it("and goes on after a cut, also in another process, at the byte that HEAD tells", async () => {
    const content = randomBytes(2 * pieceBytes + 5);
    const { id } = await api.begin(run.id, "cut.bin", content);
    await api.sendPiece(id, content, 0);
    await cutPiece(api, id, content.subarray(pieceBytes, 2 * pieceBytes), pieceBytes);
    const head = await api.request("HEAD", `/upload/${id}`);
    expect([head.headers.get("upload-offset"), head.headers.get("upload-length")]).toEqual([
      String(pieceBytes),
      String(content.length),
    ]);
    const other = await startTestServer(api.server, {
      RESIDUAL_DATA: api.folder,
      ...Object.fromEntries(Object.entries(api.server.app.env).filter(([name]) => name.startsWith("S3_"))),
    });
    const there = { ...api.owner, "upload-offset": String(pieceBytes) };
    const body = content.subarray(pieceBytes, 2 * pieceBytes);
    const answer = await fetch(new URL(`/upload/${id}`, other.url), { method: "PATCH", headers: there, body });
    expect(answer.status).toBe(204);
    await other.close();
    expect((await api.sendPiece(id, content, 2 * pieceBytes)).headers.get("upload-offset")).toBe(
      String(content.length),
    );
    const completed = (await (await api.request("POST", `/upload/${id}/complete`)).json()) as { path: string };
    expect((await download(completed.path)).equals(content)).toBe(true);
  });

  it("and a piece that belongs elsewhere, or comes twice at once, is refused with the right offset", async () => {
    const content = randomBytes(pieceBytes + 9);
    const { id } = await api.begin(run.id, "twice.bin", content);
    expect(await api.refusal(await api.sendPiece(id, content, pieceBytes))).toContain(
      "409 CONFLICT: The next piece begins at byte 0",
    );
    const both = await Promise.all([api.sendPiece(id, content, 0), api.sendPiece(id, content, 0)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 409]));
    await api.sendPiece(id, content, pieceBytes);
    const [one, two] = await Promise.all([1, 2].map(() => api.request("POST", `/upload/${id}/complete`)));
    expect([one!.status, two!.status]).toEqual([201, 201]);
    // Whoever lost the answer asks again, and gets the same.
    const again = await (await api.request("POST", `/upload/${id}/complete`)).json();
    expect(await one!.json()).toEqual(again);
    expect(await versions("twice.bin")).toHaveLength(1);
  });

  it("and whatever is not what was announced is refused, and nothing of it is seen", async () => {
    const content = randomBytes(1_000);
    const wrong = await api.begin(run.id, "wrong.bin", content, { sha256: "0".repeat(64) });
    await api.sendPiece(wrong.id, content, 0);
    const refused = await api.refusal(await api.request("POST", `/upload/${wrong.id}/complete`));
    expect(refused).toMatch(/^422 MISMATCH: What came has the SHA-256/);
    expect((await api.request("GET", `/upload/${wrong.id}`)).status).toBe(404);

    const short = await api.begin(run.id, "short.bin", content, { bytes: 1_001 });
    expect(await api.refusal(await api.sendPiece(short.id, content, 0))).toMatch(
      /^422 MISMATCH: The next piece has 1001 bytes/,
    );
    expect(await api.refusal(await api.request("POST", `/upload/${short.id}/complete`))).toMatch(
      /^422 MISMATCH: 0 of 1001 bytes/,
    );
    await api.request("DELETE", `/upload/${short.id}`);

    expect([await versions("wrong.bin"), await versions("short.bin")]).toEqual([[], []]);
    expect(await blobs().size("0".repeat(64))).toBeNull();
    expect(await blobs().size(sha256(content))).toBeNull();
  });

  it("under a name that there is as its next version, and the one before stays as it was", async () => {
    const [first, second] = [randomBytes(10), randomBytes(20)];
    const one = await api.upload(run.id, "model.bin", first);
    const two = await api.upload(run.id, "model.bin", second);
    expect([one.version, two.version]).toEqual([1, 2]);
    expect((await download(one.path)).equals(first)).toBe(true);
    expect((await download(two.path)).equals(second)).toBe(true);
  });

  it("twice at the same time: both get it, and its content is kept once", async () => {
    const content = randomBytes(5_000);
    const both = await Promise.all([api.upload(run.id, "same.bin", content), api.upload(run.id, "same.bin", content)]);
    expect(new Set(both.map(({ version }) => version))).toEqual(new Set([1, 2]));
    const { rows } = await api.server.app.pool.query("SELECT refs, bytes FROM blob WHERE sha256 = $1", [
      sha256(content),
    ]);
    expect(rows).toEqual([{ refs: 2, bytes: content.length }]);
  });

  it("unless it is too large, alone or with all that the project has", async () => {
    const begin = (bytes: number) =>
      api.request("POST", "/upload", { run: run.id, name: "x", bytes, sha256: "1".repeat(64) });
    expect(await api.refusal(await begin(31e6))).toMatch(
      /^413 TOO_LARGE: The file has 31000000 bytes; one file may have 30000000/,
    );
    const begun = await Promise.all([1, 2, 3, 4].map(() => begin(24e6)));
    expect(begun.filter(({ status }) => status === 413)).toHaveLength(1);
    const details = (await begun.find(({ status }) => status === 413)!.json()) as { errors: { extensions: object }[] };
    expect(details.errors[0]!.extensions).toMatchObject({ exceeded: "projectFileBytes", limit: 100e6 });
    for (const response of begun.filter(({ status }) => status === 201))
      expect((await api.request("DELETE", `/upload/${((await response.json()) as { id: string }).id}`)).status).toBe(
        204,
      );
    expect((await begin(24e6)).status).toBe(201);
  });

  it("and one that was given up leaves nothing behind, nor one of which nothing came for a day", async () => {
    const content = randomBytes(2_000);
    const [dropped, forgotten] = [await api.begin(run.id, "a", content), await api.begin(run.id, "b", content)];
    for (const { id } of [dropped, forgotten]) await api.sendPiece(id, content, 0);
    await api.request("DELETE", `/upload/${dropped.id}`);
    const { pool } = api.server.app;
    await pool.query("UPDATE upload SET touched_at = now() - interval '25 hours' WHERE artifact_id IS NULL");
    await sweepFiles(pool, blobs());
    expect((await api.request("GET", `/upload/${forgotten.id}`)).status).toBe(404);
    expect((await pool.query("SELECT FROM upload WHERE artifact_id IS NULL")).rowCount).toBe(0);
    expect(await blobs().size(sha256(content))).toBeNull();
    if (where === "a folder") expect(await readdir(`${api.folder}/uploads`)).toEqual([]);
  });

  it("and a content is removed an hour after its last artifact was, 30 days in the trash", async () => {
    const content = randomBytes(300);
    const artifact = await api.upload(run.id, "old.bin", content);
    const { pool } = api.server.app;
    const trash = async (age: string) => {
      await pool.query("UPDATE artifact SET trashed_at = now() - $2::interval WHERE id = $1", [artifact.id, age]);
      await sweepFiles(pool, blobs());
    };
    await trash("29 days");
    expect((await download(artifact.path)).equals(content)).toBe(true);
    await trash("31 days");
    expect((await api.request("GET", artifact.path)).status).toBe(404);
    expect(await blobs().size(sha256(content))).toBe(content.length);
    await pool.query("UPDATE blob SET touched_at = now() - interval '61 minutes' WHERE sha256 = $1", [sha256(content)]);
    await sweepFiles(pool, blobs());
    expect(await blobs().size(sha256(content))).toBeNull();
    // What is gone can come again.
    const again = await api.upload(run.id, "old.bin", content);
    expect((await download(again.path)).equals(content)).toBe(true);
  });
});

it("a content that is removed as unused in the moment in which it is uploaded again is kept, whoever is first", async () => {
  const api = await startFilesApi("a folder");
  const [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
  const { pool, blobs } = api.server.app;
  for (let round = 0; round < 20; round++) {
    const content = randomBytes(100);
    const staged = await blobs.begin(sha256(content), `unused${round}`);
    await blobs.finish(staged, [await blobs.put(staged, 0, 0, content)]);
    await pool.query("INSERT INTO blob (sha256, bytes, touched_at) VALUES ($1, 100, now() - interval '2 hours')", [
      sha256(content),
    ]);
    const { id } = await api.begin(run.id, "f", content);
    await api.sendPiece(id, content, 0);
    const [completed] = await Promise.all([api.request("POST", `/upload/${id}/complete`), sweepFiles(pool, blobs)]);
    expect(completed.status).toBe(201);
  }
  await pool.query("UPDATE blob SET touched_at = now() - interval '2 hours'");
  await sweepFiles(pool, blobs);
  const { blobs: kept, damages, orphans } = await verifyBlobs(pool, blobs);
  expect([kept, damages, orphans]).toEqual([20, [], []]);
  await api.close();
});

describe("a store that is away is told from the database, and an upload goes on once it is back", () => {
  it("a disk that takes nothing", async () => {
    const api = await startFilesApi("a folder");
    const [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    const content = randomBytes(pieceBytes + 3);
    const { id } = await api.begin(run.id, "f", content);
    await api.sendPiece(id, content, 0);
    // As a full disk: nothing can be written, and what was written is still there.
    await rename(`${api.folder}/uploads`, `${api.folder}/aside`);
    await writeFile(`${api.folder}/uploads`, "");
    expect(await api.refusal(await api.sendPiece(id, content, pieceBytes))).toMatch(
      /^503 UNAVAILABLE: Files can neither be stored nor read at the moment \(the disk says \w+\)/,
    );
    await rm(`${api.folder}/uploads`);
    await rename(`${api.folder}/aside`, `${api.folder}/uploads`);
    expect((await api.sendPiece(id, content, pieceBytes)).status).toBe(204);
    expect((await api.request("POST", `/upload/${id}/complete`)).status).toBe(201);
    await api.close();
  });

  it("an S3 server that is down", async () => {
    const api = await startFilesApi("a folder", {
      ...{ S3_ENDPOINT: "http://127.0.0.1:1", S3_BUCKET: "b", S3_ACCESS_KEY_ID: "a", S3_SECRET_ACCESS_KEY: "s" },
    });
    const [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    await expect(api.begin(run.id, "f", randomBytes(3))).rejects.toThrow(
      /^503 UNAVAILABLE: Files .* \(the S3 server cannot be reached\)/,
    );
    await api.close();
  });
});

/** Sends half of a piece and breaks the connection. */
function cutPiece({ server, owner }: FilesApi, id: string, piece: Uint8Array, offset: number): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const lines = [
    `PATCH /upload/${id} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Cookie: ${owner.cookie}`,
    `Upload-Offset: ${offset}`,
    `Content-Length: ${piece.length}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      socket.write(piece.subarray(0, piece.length >> 1), () => {
        socket.resetAndDestroy();
        resolve();
      });
    });
    socket.on("error", reject);
  });
}
