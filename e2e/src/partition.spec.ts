import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decodeFloat64Column } from "./columns.js";
import { Gateway } from "./gateway.js";
import { eventually, type GraphQLClient, graphqlClient } from "./graphql-client.js";
import { repository, type System, startSystem } from "./system.js";
import { openWorkbench, smallImageFolder, startRun, type Workbench } from "./workbench.js";

let system: System;
let owner: GraphQLClient;
let key: string;
let gateway: Gateway;
/** What all workers share, as on a common disk. */
const data = mkdtempSync(path.join(tmpdir(), "residual-workers-"));
beforeAll(async () => {
  system = await startSystem(["--empty", "--no-worker"]);
  owner = await system.owner();
  const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
    `mutation { createApiKey(input: { name: "workers", scopes: [WORK] }) { key } }`,
  );
  key = createApiKey.key;
  gateway = await Gateway.reserve(Number(new URL(system.origin).port));
  await gateway.open();
});
afterAll(async () => {
  await gateway.close();
  await system.close();
  rmSync(data, { recursive: true, force: true });
});

/** Makes every clock of a process one hour fast, and of its children. */
const fastClock = path.join(data, "fast-clock.cjs");
writeFileSync(
  fastClock,
  `const Right = Date; const ahead = 3_600_000;
   globalThis.Date = class Date extends Right {
     constructor(...when) { if (when.length === 0) super(Right.now() + ahead); else super(...when); }
     static now() { return Right.now() + ahead; }
   };`,
);

const workers: ChildProcess[] = [];
/** A worker whose processes are a group of their own, so that all of them can be stopped at once. */
function startWorker(apiUrl: string, nodeOptions = ""): ChildProcess {
  const worker = spawn(process.execPath, [path.join(repository, "apps/worker/dist/main.js")], {
    env: {
      ...process.env,
      ...{ API_URL: apiUrl, RESIDUAL_WORKER_KEY: key, RESIDUAL_DATA: data },
      NODE_OPTIONS: nodeOptions,
    },
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
  });
  workers.push(worker);
  return worker;
}
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.kill("SIGTERM");
    await ended;
  }
});

interface RunState {
  readonly status: string;
  readonly error: string | null;
  readonly jobs: readonly { readonly leaseGeneration: number; readonly resumedFromStep: number | null }[];
  readonly checkpoints: readonly { readonly step: number }[];
  readonly integrity: { readonly pointsAcknowledged: number; readonly pointsStored: number };
  readonly series: readonly { readonly count: number; readonly step: string; readonly time: string }[];
}
const readRun = async (id: string): Promise<RunState> => {
  const { run } = await owner<{ run: RunState }>(
    `query($id: ID!) { run(id: $id) {
      status error jobs { leaseGeneration resumedFromStep } checkpoints { step } integrity { pointsAcknowledged pointsStored }
      series(keys: ["train/running_loss"], maxPoints: 10000) { count step time }
    } }`,
    { id },
  );
  return run;
};
const hasEnded = ({ status }: RunState) => ["FINISHED", "FAILED", "STOPPED"].includes(status);

/** Takes every worker for started anew, which gives back what its former process held: half a minute sooner than a lease that runs out. */
async function endLeases(): Promise<void> {
  const { workers: known } = await owner<{ workers: { name: string }[] }>("{ workers { name } }");
  const description = { host: "test", backend: "none", device: "none", gigaflops: 1, memoryBytes: 1, threads: 1 };
  const worker = graphqlClient(system.origin, { authorization: `Bearer ${key}` });
  for (const { name } of known)
    await worker("mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) { id } }", {
      input: { ...description, name, version: "1", executors: [] },
    });
}

/** Every step from the first to the last, once, and as many points stored as were acknowledged. */
function expectComplete(run: RunState): void {
  expect(run).toMatchObject({ status: "FINISHED", error: null });
  const steps = [...decodeFloat64Column(run.series[0]!.step)];
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  expect(run.integrity.pointsStored).toBe(run.integrity.pointsAcknowledged);
}

describe("a worker far away", () => {
  let bench: Workbench;
  const config = { optimizer: "SGD", batchSize: 4 };

  it("whose clock is an hour fast, and who is cut off in the middle of a run, trains on and loses neither its lease nor a point", async () => {
    startWorker(`http://127.0.0.1:${gateway.port}`, `--require ${fastClock}`);
    bench = await openWorkbench(owner, smallImageFolder(3, 60));
    const id = await startRun(owner, bench, { ...config, epochs: 3 });
    const before = await eventually(
      () => readRun(id),
      (run) => hasEnded(run) || (run.series[0]?.count ?? 0) > 5,
    );
    expect(before.status).toBe("RUNNING");
    const aheadMs = decodeFloat64Column(before.series[0]!.time)[0]! - Date.now();
    expect(aheadMs).toBeGreaterThan(3_000_000);
    await gateway.close();
    const { series } = await readRun(id);
    // Long enough for the worker to find out, and shorter than its lease: five seconds of its heartbeats.
    await expect(eventually(() => readRun(id), hasEnded, 5_000)).rejects.toThrow();
    expect((await readRun(id)).status).toBe("RUNNING");
    await gateway.open();
    const after = await eventually(() => readRun(id), hasEnded);
    expectComplete(after);
    expect(after.series[0]!.count).toBeGreaterThan(series[0]!.count);
    expect(after.jobs).toEqual([{ leaseGeneration: 1, resumedFromStep: 0 }]);
  });

  it("that stood still (SIGSTOP) while its lease ran out finds that another has taken over, and disturbs nothing when it goes on", async () => {
    const first = startWorker(system.origin);
    const id = await startRun(owner, bench, { ...config, epochs: 4 });
    await eventually(
      () => readRun(id),
      (run) => hasEnded(run) || run.checkpoints.length > 0,
    );
    process.kill(-first.pid!, "SIGSTOP");
    await endLeases();
    startWorker(system.origin);
    await eventually(
      () => readRun(id),
      (run) => hasEnded(run) || run.jobs[0]!.leaseGeneration === 2,
    );
    process.kill(-first.pid!, "SIGCONT");
    const run = await eventually(() => readRun(id), hasEnded);
    expectComplete(run);
    expect(run.jobs).toHaveLength(1);
    expect(run.jobs[0]!.leaseGeneration).toBe(2);
    expect(run.jobs[0]!.resumedFromStep).toBeGreaterThan(0);
  });
});
