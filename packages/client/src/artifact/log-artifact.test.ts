import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ApiProcess } from "../api-process.fixture.js";
import { logArtifact } from "./log-artifact.js";

const root = mkdtempSync(join(tmpdir(), "residual-log-artifact-"));
const api = new ApiProcess();
let run: string;
let key: string;
beforeAll(async () => {
  await api.start();
  await api.ask('mutation { createProject(input: { slug: "files", name: "Files" }) { id } }');
  const { createExperiment } = await api.ask<{ createExperiment: { id: string } }>(
    'mutation { createExperiment(input: { project: "files", name: "Which?" }) { id } }',
  );
  const { createRun } = await api.ask<{ createRun: { id: string } }>(
    'mutation ($e: ID!) { createRun(input: { experiment: $e, name: "r" }) { id } }',
    { e: createExperiment.id },
  );
  run = createRun.id;
  const { createApiKey } = await api.ask<{ createApiKey: { key: string } }>(
    'mutation { createApiKey(input: { name: "script", scopes: [READ, LOG] }) { key } }',
  );
  key = createApiKey.key;
});
afterAll(async () => {
  await api.stop();
  rmSync(root, { recursive: true });
});

async function download(path: string): Promise<Buffer> {
  const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${key}` } });
  return Buffer.from(await response.arrayBuffer());
}

it("a file gets there whole though the API is killed (kill -9) in the middle of it", async () => {
  const content = randomBytes(13_000_000);
  const file = join(root, "weights.bin");
  writeFileSync(file, content);
  const killAt = new Set([5 * 2 ** 20]);
  let restarted = Promise.resolve();
  const onProgress = (sent: number) => {
    if (!killAt.delete(sent)) return;
    restarted = restarted.then(() => api.kill()).then(() => api.start());
  };
  const artifact = await logArtifact({ url: api.url, key, run, name: "weights.bin", file, onProgress });
  await restarted;
  expect(killAt.size).toBe(0);
  expect(artifact).toMatchObject({ name: "weights.bin", version: 1, bytes: content.length });
  expect(artifact.sha256).toBe(createHash("sha256").update(content).digest("hex"));
  expect((await download(artifact.path)).equals(content)).toBe(true);
});

it("a stream gets there too, and leaves no temporary file", async () => {
  const parts = Array.from({ length: 60 }, () => randomBytes(100_000));
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith("residual-artifact-")).length;
  const { path } = await logArtifact({ url: api.url, key, run, name: "stream.bin", file: Readable.from(parts) });
  expect((await download(path)).equals(Buffer.concat(parts))).toBe(true);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("residual-artifact-"))).toHaveLength(before);
});

it("what the API does not take is told in its words, and an upload that is given up is forgotten there", async () => {
  const file = join(root, "small.bin");
  writeFileSync(file, "small");
  const options = { url: api.url, key, run, name: "small.bin", file };
  await expect(logArtifact({ ...options, run: `run_${"0".repeat(32)}` })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(logArtifact({ ...options, key: "res_unknown" })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await expect(logArtifact({ ...options, file: join(root, "none") })).rejects.toThrow("ENOENT");
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error("enough"));
  await expect(logArtifact({ ...options, signal: abort.signal, onProgress })).rejects.toThrow("enough");
  const { run: found } = await api.ask<{ run: { artifacts: { nodes: { name: string }[] } } }>(
    "query ($run: ID!) { run(id: $run) { artifacts { nodes { name } } } }",
    { run },
  );
  expect(found.artifacts.nodes.map(({ name }) => name)).not.toContain("small.bin");
});
