import "reflect-metadata";
import { createHash, randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pieceBytes } from "@residual/shared";
import { afterAll, beforeAll, expect, it } from "vitest";
import { insertTestRuns, type TestRun } from "../metric/test-run.fixture.js";
import { type FilesApi, startFilesApi } from "./files-api.fixture.js";

let api: FilesApi;
let run: TestRun;
beforeAll(async () => {
  api = await startFilesApi("a folder");
  [run] = (await insertTestRuns(api.server.app.pool, 1)) as [TestRun];
});
afterAll(() => api.close());

it("a file of 64 MB passes through, up and down, without half of it being held at any time", async () => {
  const pieces = 13;
  const piece = randomBytes(pieceBytes);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = () => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const hash = createHash("sha256");
  for (let i = 0; i < pieces; i++) hash.update(piece);
  const input = { run: run.id, name: "large.bin", bytes: pieces * pieceBytes, sha256: hash.digest("hex") };
  const { id } = (await (await api.request("POST", "/upload", input)).json()) as { id: string };
  const before = held();
  let most = 0;
  for (let i = 0; i < pieces; i++) {
    const headers = { ...api.owner, "upload-offset": String(i * pieceBytes) };
    expect((await api.request("PATCH", `/upload/${id}`, piece, headers)).status).toBe(204);
    if (i % 4 === 3) most = Math.max(most, held() - before);
  }
  const { path } = (await (await api.request("POST", `/upload/${id}/complete`)).json()) as { path: string };
  const response = await api.request("GET", path);
  let [read, looked] = [0, 0];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    read += chunk.length;
    if (read - looked < 4 * pieceBytes) continue;
    looked = read;
    most = Math.max(most, held() - before);
  }
  expect(read).toBe(pieces * pieceBytes);
  expect(most).toBeLessThan((pieces * pieceBytes) / 2);
});
