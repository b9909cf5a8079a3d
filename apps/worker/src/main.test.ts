import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WorkerDescription } from "./operations.js";
import { UnrulyApi } from "./unruly-api.fixture.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let data: string;
let api: UnrulyApi;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "residual-main-"));
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  await api.stop();
  rmSync(data, { recursive: true });
});

function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const settings = {
    API_URL: api.url,
    RESIDUAL_WORKER_KEY: "res_test",
    RESIDUAL_DATA: data,
    RESIDUAL_EXECUTOR: "wasm",
  };
  const env = { ...process.env, ...settings };
  return spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function worker(...args: string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = start(...args);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  const [code] = await once(child, "close");
  return { code, printed };
}

const scan = {
  job: { id: "job_1", kind: "SCAN_DATASET", attempt: 1 },
  leaseGeneration: 1,
  leaseSeconds: 30,
  run: null,
  dataset: { id: "dst_1", name: "gone", path: "/nowhere", contentHash: null },
  splitOptions: {},
  checkpoint: null,
};

describe("worker --once", () => {
  it("ends with 3 when there is no job", async () => {
    api.handlers.set("ClaimJob", () => null);
    expect((await worker("--once")).code).toBe(3);
    expect(api.inputsOf("ClaimJob")).toHaveLength(1);
  });

  it("waits for a job, does that one alone and ends with 0, also when the API was told that the job failed", async () => {
    let asked = 0;
    api.handlers.set("ClaimJob", () => (++asked < 3 ? null : scan));
    expect((await worker("--once", "--wait", "60")).code).toBe(0);
    expect(api.inputsOf("ClaimJob")).toHaveLength(3);
    expect(api.inputsOf("FinishJob")).toMatchObject([{ status: "FAILED" }]);
  });
});

describe("a worker without a job", () => {
  it("examines its machine meanwhile, tells the API what it found, and ends in good order", async () => {
    api.handlers.set("ClaimJob", () => null);
    const child = start();
    const registered = () => api.inputsOf("RegisterWorker") as unknown as WorkerDescription[];
    await expect.poll(() => registered().length, { timeout: 90_000 }).toBe(2);
    const [before, after] = registered();
    expect(before).not.toHaveProperty("doctor");
    expect(after!.name).toBe(before!.name);
    expect(after!.doctor!.executors).toMatchObject([{ name: "wasm", chosen: true }]);
    child.kill("SIGTERM");
    expect((await once(child, "close"))[0]).toBe(0);
  });
});

describe("the command line", () => {
  it.each([["--wait"], ["--twice"], ["--wait", "5"], ["--once", "--wait", "soon"]])(
    "refuses %s %s with the help",
    async (...args) => {
      const { code, printed } = await worker(...args.filter((arg) => arg !== undefined));
      expect(code).toBe(2);
      expect(printed).toContain("--once");
    },
  );
});
