import "reflect-metadata";
import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";
import { byteRange } from "./byte-range.js";
import { type Completed, type FilesApi, sha256, startFilesApi } from "./files-api.fixture.js";

describe.each(["a folder", "S3"] as const)("a file in %s", (where) => {
  const content = randomBytes(100_000);
  let api: FilesApi;
  let run: TestRun;
  let file: Completed;
  beforeAll(async () => {
    api = await startFilesApi(where);
    [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    file = await api.upload(run.id, "best model.bin", content);
  });
  afterAll(() => api.close());

  const get = (headers: Record<string, string> = {}, method = "GET", path = file.path) =>
    api.request(method, path, undefined, { ...api.owner, ...headers });

  it("is handed over to be saved, under a policy in which nothing runs", async () => {
    const response = await get();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": "100000",
      "content-disposition": `attachment; filename="best_model.bin"; filename*=UTF-8''best%20model.bin`,
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
      etag: `"${sha256(content)}"`,
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  it("comes in parts, for whoever goes on with a download", async () => {
    const part = await get({ range: "bytes=99000-" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 99000-99999/100000"]);
    expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(99_000))).toBe(true);
    const beyond = await get({ range: "bytes=100000-" });
    expect([beyond.status, beyond.headers.get("content-range"), await beyond.text()]).toEqual([
      416,
      "bytes */100000",
      "",
    ]);
    expect((await get({ range: "bytes=0-9", "if-range": `"${"0".repeat(64)}"` })).status).toBe(200);
  });

  it("is not sent to who has it, or only asks", async () => {
    const known = await get({ "if-none-match": `"${sha256(content)}"` });
    expect([known.status, await known.text()]).toEqual([304, ""]);
    const head = await get({}, "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "100000", ""]);
  });

  it("is shown small where it is a picture, encoded anew, and with a reason where it is none", async () => {
    const photo = sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: "#c04020" } });
    const jpeg = await photo.withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { path } = await api.upload(run.id, "confusion.jpg", jpeg);
    const response = await get({}, "GET", `${path}/preview`);
    expect(response.headers.get("content-type")).toBe("image/webp");
    expect(response.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    const { format, width, height, exif } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([format, width, height, exif]).toEqual(["webp", 512, 1_024, undefined]);
    const refused = await api.refusal(await get({}, "GET", `${file.path}/preview`));
    expect(refused).toMatch(/^404 NOT_FOUND: This picture cannot be shown: .* none of JPEG, PNG, WebP and GIF/);
  });

  it("goes to the trash and comes back, and the audit log says who did it", async () => {
    const { id, path } = await api.upload(run.id, "spare.bin", randomBytes(10));
    const list = async (trashed: boolean) => {
      const query = `query ($run: ID!) { run(id: $run) { artifacts(trashed: ${trashed}) { nodes { id } } } }`;
      const { data } = await api.server.ask(query, { run: run.id }, api.owner);
      return (data.run.artifacts.nodes as { id: string }[]).some((artifact) => artifact.id === id);
    };
    await api.server.ask(`mutation { deleteArtifact(id: "${id}") { trashedAt } }`, {}, api.owner);
    expect([await list(false), await list(true)]).toEqual([false, true]);
    await api.server.ask(`mutation { restoreArtifact(id: "${id}") { trashedAt } }`, {}, api.owner);
    expect([await list(false), await list(true)]).toEqual([true, false]);
    expect((await get({}, "GET", path)).status).toBe(200);
    const { data } = await api.server.ask("{ auditLog { nodes { action objectIds } } }", {}, api.owner);
    const deeds = (data.auditLog.nodes as { action: string; objectIds: string[] }[]).filter(({ objectIds }) =>
      objectIds.includes(id),
    );
    expect(deeds.map(({ action }) => action)).toEqual(["restoreArtifact", "deleteArtifact", "uploadArtifact"]);
  });

  it("pages through many, the newest first", async () => {
    const [other] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
    for (let i = 0; i < 5; i++) await api.upload(other.id, "same", Buffer.from(String(i)));
    const seen: number[] = [];
    for (let after: string | null = null; ; ) {
      const query =
        "query ($run: ID!, $after: String) { run(id: $run) { artifacts(first: 2, after: $after) { nodes { version } pageInfo { endCursor hasNextPage } } } }";
      const { data } = await api.server.ask(query, { run: other.id, after }, api.owner);
      const { nodes, pageInfo } = data.run.artifacts;
      seen.push(...nodes.map(({ version }: { version: number }) => version));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("whose bytes are gone says so, with what to do", async () => {
    const { path, sha256: hash } = await api.upload(run.id, "lost.bin", randomBytes(12));
    await api.server.app.blobs.remove(hash);
    expect(await api.refusal(await get({}, "GET", path))).toMatch(
      /^500 DAMAGED: The bytes of art_\w+ are missing.*verify/,
    );
  });
});

describe("a Range header", () => {
  it.each([
    [undefined, null],
    ["bytes=0-0", { start: 0, end: 0 }],
    ["bytes=5-", { start: 5, end: 9 }],
    ["bytes=-3", { start: 7, end: 9 }],
    ["bytes=-30", { start: 0, end: 9 }],
    ["bytes=2-99", { start: 2, end: 9 }],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=10-", "unsatisfiable"],
    ["bytes=-", null],
    ["bytes=5-3", null],
    ["bytes=0-1,4-5", null],
    ["pages=1-2", null],
  ])("%s", (header, expected) => {
    expect(byteRange(header, 10)).toEqual(expected);
  });
});
