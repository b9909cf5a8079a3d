import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decodeFloat64Column } from "./columns.js";
import { Gateway } from "./gateway.js";
import { eventually, type GraphQLClient, graphqlClient, Refusal, refusalOf } from "./graphql-client.js";
import { childOf, listProcesses } from "./processes.js";
import { type System, startSystem } from "./system.js";
import { openWorkbench, smallImageFolder, startRun, type Workbench } from "./workbench.js";
import { startWorker, type WorkerProcess } from "./worker-process.js";

/** Room for seven checkpoints of a ResNet-18 with momentum (90 MB each): what the runs below leave, and what is written beside it. */
const diskBytes = 650_000_000;

let system: System;
let owner: GraphQLClient;
let workerKey: string;
beforeAll(async () => {
  system = await startSystem(["--empty", "--no-worker"]);
  owner = await system.owner();
  const { createApiKey } = await owner<{ createApiKey: { key: string } }>(
    `mutation { createApiKey(input: { name: "workers", scopes: [WORK] }) { key } }`,
  );
  workerKey = createApiKey.key;
});
afterAll(() => system.close());

interface RunState {
  readonly status: string;
  readonly error: string | null;
  readonly checkpoints: readonly { readonly step: number }[];
  readonly jobs: readonly { readonly leaseGeneration: number; readonly resumedFromStep: number | null }[];
  readonly integrity: { readonly pointsAcknowledged: number; readonly pointsStored: number };
  readonly series: readonly { readonly count: number; readonly step: string }[];
}

const readRun = async (id: string): Promise<RunState> => {
  const { run } = await owner<{ run: RunState }>(
    `query($id: ID!) { run(id: $id) {
      status error checkpoints { step } jobs { leaseGeneration resumedFromStep } integrity { pointsAcknowledged pointsStored }
      series(keys: ["train/running_loss"], maxPoints: 10000) { count step }
    } }`,
    { id },
  );
  return run;
};
const hasEnded = ({ status }: RunState) => ["FINISHED", "FAILED", "STOPPED"].includes(status);
const untilEnded = (id: string) => eventually(() => readRun(id), hasEnded);
const resume = (id: string) => owner("mutation($id: ID!) { resumeRun(id: $id) { id } }", { id });

/** Every step from the first to the last, once, and as many points stored as were acknowledged. */
function expectComplete(run: RunState): void {
  expect(run).toMatchObject({ status: "FINISHED", error: null });
  const steps = [...decodeFloat64Column(run.series[0]!.step)];
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  expect(run.integrity.pointsStored).toBe(run.integrity.pointsAcknowledged);
}

describe("a worker whose job has passed to another", () => {
  let worker: GraphQLClient;
  let lease: { job: string; leaseGeneration: number };
  let run: string;

  const registered = async (name: string) => {
    const description = { host: "test", backend: "none", device: "none", gigaflops: 1, memoryBytes: 1, threads: 1 };
    const { registerWorker } = await worker<{ registerWorker: { id: string } }>(
      "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) { id } }",
      { input: { ...description, name, version: "1", executors: [] } },
    );
    return registerWorker.id;
  };
  const claim = async (id: string, kind: string) => {
    const { claimJob } = await worker<{ claimJob: { leaseGeneration: number; job: { id: string } } | null }>(
      "mutation($input: ClaimJobInput!) { claimJob(input: $input) { leaseGeneration job { id } } }",
      { input: { worker: id, kinds: [kind] } },
    );
    return { job: claimJob!.job.id, leaseGeneration: claimJob!.leaseGeneration };
  };
  const say = (mutation: string, type: string, input: object) =>
    worker(`mutation($input: ${type}!) { ${mutation}(input: $input) { __typename } }`, { input });
  const frame = { steps: [1], values: { "train/loss": [666] } };

  beforeAll(async () => {
    worker = graphqlClient(system.origin, { authorization: `Bearer ${workerKey}` });
    const first = await registered("first");
    const input = { project: "main", name: "Fenced" };
    const { createExperiment } = await owner<{ createExperiment: { id: string } }>(
      "mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id } }",
      { input },
    );
    const { registerDataset } = await owner<{ registerDataset: { id: string } }>(
      "mutation($input: RegisterDatasetInput!) { registerDataset(input: $input) { id } }",
      { input: { project: "main", name: "said", path: "/said" } },
    );
    const scan = await claim(first, "SCAN_DATASET");
    const found = { contentHash: "beef", imageCount: 20, classes: [], duplicates: [], unreadable: [], warnings: [] };
    await say("reportDatasetScan", "ReportDatasetScanInput", { ...scan, ...found });
    await say("finishJob", "FinishJobInput", { ...scan, status: "DONE" });
    const bench = { project: "main", experiment: createExperiment.id, dataset: registerDataset.id };
    run = await startRun(owner, bench, {});

    lease = await claim(first, "TRAIN_RUN");
    await say("beginJob", "BeginJobInput", lease);
    // The first worker is started again under its name, which gives its job back; the old process lives on and does not know.
    await registered("first");
    const second = await claim(await registered("second"), "TRAIN_RUN");
    expect(second).toEqual({ job: lease.job, leaseGeneration: lease.leaseGeneration + 1 });
    await say("beginJob", "BeginJobInput", second);
    await say("logMetrics", "LogMetricsInput", {
      ...{ run, writer: "second", seq: 1, leaseGeneration: second.leaseGeneration },
      frame: { steps: [1], values: { "train/loss": [0.5] } },
    });
  });

  it.each([
    ["logMetrics", "LogMetricsInput", () => ({ run, writer: "first", seq: 1, frame, ...generation() })],
    ["heartbeat", "HeartbeatInput", () => lease],
    [
      "commitCheckpoint",
      "CommitCheckpointInput",
      () => ({ ...lease, step: 9, epoch: 1, bytes: 1, path: "/stale", sha256: "a".repeat(64) }),
    ],
    ["logEvaluation", "LogEvaluationInput", () => ({ run, epoch: 1, step: 9, ...scores, ...generation() })],
    ["beginJob", "BeginJobInput", () => lease],
    ["finishJob", "FinishJobInput", () => ({ ...lease, status: "FAILED", error: "stale" })],
  ])("is FENCED in %s", async (mutation, type, input) => {
    const { extensions, message } = await refusalOf(say(mutation, type, input()));
    expect(extensions.code).toBe("FENCED");
    expect(message).toMatch(/passed to another worker|another worker has taken over/);
    expect(message).toContain(mutation.startsWith("log") ? run : lease.job);
  });
  const generation = () => ({ leaseGeneration: lease.leaseGeneration });
  const scores = {
    train: { correct: 1, examples: 2, meanLoss: 1 },
    val: { correct: 1, examples: 2, meanLoss: 1 },
  };

  it("has changed nothing of the run", async () => {
    const { run: state } = await owner<{ run: object }>(
      `query($id: ID!) { run(id: $id) { status error checkpoints { step } evaluations { step }
        metrics { key count last } integrity { pointsAcknowledged pointsStored } } }`,
      { id: run },
    );
    expect(state).toEqual({
      ...{ status: "RUNNING", error: null, checkpoints: [], evaluations: [] },
      metrics: [{ key: "train/loss", count: 1, last: 0.5 }],
      integrity: { pointsAcknowledged: 1, pointsStored: 1 },
    });
    await owner("mutation($ids: [ID!]!) { deleteRuns(ids: $ids) { id } }", { ids: [run] });
  });
});

describe("what a worker stands on", () => {
  let worker: WorkerProcess;
  let folder: string;
  let bench: Workbench;
  /** For runs that must still train when something happens to them. */
  let larger: Workbench;
  beforeAll(async () => {
    worker = startWorker(system, workerKey, diskBytes);
    folder = smallImageFolder(3, 12);
    bench = await openWorkbench(owner, folder);
    larger = await openWorkbench(owner, smallImageFolder(3, 60));
  });
  afterAll(async () => {
    expect(listProcesses().map(({ pid }) => pid)).toContain(worker.pid);
    await worker.stop();
  });
  afterEach(() => worker.freeDisk());

  const sgd = { optimizer: "SGD", batchSize: 4 };
  const isTraining = (run: RunState) => hasEnded(run) || (run.series[0]?.count ?? 0) > 0;

  it("a disk too full for a checkpoint fails the run with what to do, and the run goes on from the one before", async () => {
    const id = await startRun(owner, bench, { ...sgd, epochs: 6 });
    await eventually(
      () => readRun(id),
      (run) => hasEnded(run) || run.checkpoints.length > 0,
    );
    worker.fillDisk(20_000_000);
    const failed = await untilEnded(id);
    expect(failed.status).toBe("FAILED");
    expect(failed.error).toMatch(
      /^No space for a checkpoint of \d+ MB in \/.*checkpoints\/run_\w+\. The checkpoint of step \d+ is intact\. Free some space and resume the run\.$/,
    );
    worker.freeDisk();
    await resume(id);
    const run = await untilEnded(id);
    expectComplete(run);
    expect(run.jobs.some(({ resumedFromStep }) => (resumedFromStep ?? 0) > 0)).toBe(true);
  });

  it("a disk with no space at all fails the run with what to do, and loses no point that was acknowledged", async () => {
    const id = await startRun(owner, larger, { ...sgd, batchSize: 2, epochs: 1 });
    await eventually(() => readRun(id), isTraining);
    worker.fillDisk(0);
    const failed = await untilEnded(id);
    expect(failed.status).toBe("FAILED");
    expect(failed.error).toMatch(/^No space for .* in \/.*Free some space and resume the run\.$/);
    worker.freeDisk();
    await resume(id);
    expectComplete(await untilEnded(id));
  });

  it("a folder that vanishes is not missed by a run that trains, and fails one that still has to read it", async () => {
    const running = await startRun(owner, bench, { ...sgd, epochs: 3 });
    await eventually(() => readRun(running), isTraining);
    renameSync(folder, `${folder}-away`);
    expectComplete(await untilEnded(running));

    const late = await startRun(owner, bench, { ...sgd, epochs: 1, imageSize: 64 });
    const failed = await untilEnded(late);
    expect(failed.status).toBe("FAILED");
    expect(failed.error).toMatch(/is gone: the folder .* vanished or was changed after the scan\. Bring it back/);
    expect(failed.error).toContain(folder);
    renameSync(`${folder}-away`, folder);
    await resume(late);
    expectComplete(await untilEnded(late));
  });

  it("a database that is killed again and again comes back by itself, and no acknowledged point is lost", async () => {
    const trained = await startRun(owner, larger, { ...sgd, epochs: 2 });
    await eventually(() => readRun(trained), isTraining);
    const { createRun } = await owner<{ createRun: { id: string } }>(
      "mutation($input: CreateRunInput!) { createRun(input: $input) { id } }",
      { input: { experiment: bench.experiment, name: "logged through outages" } },
    );
    const api = childOf(system.process.pid!, "apps/api/dist/main.js").pid;
    const refusals: Refusal[] = [];
    const frames = 90;
    for (let seq = 1; seq <= frames; seq++) {
      if (seq % 30 === 15) process.kill(childOf(system.process.pid!, "bin/postgres").pid, "SIGKILL");
      const input = {
        ...{ run: createRun.id, writer: "script", seq },
        frame: { steps: [2 * seq, 2 * seq + 1], values: { "train/loss": [seq / 7, seq / 11] } },
      };
      await eventually(
        () =>
          owner<{ logMetrics: { ackedSeq: number } }>(
            "mutation($input: LogMetricsInput!) { logMetrics(input: $input) { ackedSeq } }",
            { input },
          ).catch((error: unknown) => {
            if (error instanceof Refusal) refusals.push(error);
            throw error;
          }),
        ({ logMetrics }) => logMetrics.ackedSeq === seq,
        60_000,
      );
    }
    expect(refusals.length).toBeGreaterThan(0);
    for (const { status, errors } of refusals) {
      expect({ status, code: errors[0]!.extensions.code }).toEqual({ status: 503, code: "UNAVAILABLE" });
      expect(errors[0]!.message).toMatch(/database cannot be reached.*repeat the request/);
    }
    const { metricSeries } = await owner<{ metricSeries: { step: string; value: string }[] }>(
      `query($runs: [ID!]!) { metricSeries(runs: $runs, keys: ["train/loss"], maxPoints: 1000) { step value } }`,
      { runs: [createRun.id] },
    );
    const seqs = Array.from({ length: frames }, (_, index) => index + 1);
    expect([...decodeFloat64Column(metricSeries[0]!.step)]).toEqual(seqs.flatMap((seq) => [2 * seq, 2 * seq + 1]));
    expect([...decodeFloat64Column(metricSeries[0]!.value)]).toEqual(seqs.flatMap((seq) => [seq / 7, seq / 11]));

    const run = await untilEnded(trained);
    expectComplete(run);
    expect(run.jobs).toEqual([{ leaseGeneration: 1, resumedFromStep: 0 }]);
    expect(childOf(system.process.pid!, "apps/api/dist/main.js").pid).toBe(api);
    expect(system.output().match(/Postgres ended unexpectedly .*; starting it again/g)).toHaveLength(3);
  });
});

describe("a database of one's own (DATABASE_URL)", () => {
  /** The Postgres of the first system, of which `postgres` is an empty database. */
  const databaseOf = (pid: number) => {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return new URL(environment.find((entry) => entry.startsWith("DATABASE_URL="))!.slice("DATABASE_URL=".length));
  };

  it("that is down at the start is waited for; when it goes away later, the API says so and goes on when it is back", async () => {
    const url = databaseOf(childOf(system.process.pid!, "apps/api/dist/main.js").pid);
    const gateway = await Gateway.reserve(Number(url.port));
    url.port = String(gateway.port);
    url.pathname = "/postgres";
    let printed = "";
    const starting = startSystem(["--empty", "--no-worker"], undefined, {
      environment: { DATABASE_URL: url.href },
      onPrinted: (text) => (printed = text),
    });
    await eventually(
      () => Promise.resolve(printed),
      () => printed.includes("does not answer"),
      120_000,
    );
    expect(printed).toMatch(
      `The database at 127.0.0.1:${gateway.port} does not answer (ECONNREFUSED). Waiting for it: start it, or press Ctrl-C and check DATABASE_URL.`,
    );
    expect(printed).not.toContain(url.password);

    await gateway.open();
    const second = await starting;
    try {
      const someone = await second.owner();
      await someone(`mutation { createProject(input: { slug: "kept", name: "Kept" }) { id } }`);
      await gateway.close();
      const signIn = `mutation { signIn(input: { token: "any" }) { id } }`;
      for (const ask of ["{ projects { nodes { slug } } }", signIn]) {
        const refusal = await refusalOf(someone(ask));
        expect(refusal).toMatchObject({ status: 503, extensions: { code: "UNAVAILABLE" } });
        expect(refusal.message).toMatch(/database cannot be reached.*repeat the request/);
      }
      await gateway.open();
      const { projects } = await eventually(
        () => someone<{ projects: { nodes: { slug: string }[] } }>("{ projects { nodes { slug } } }"),
        () => true,
        30_000,
      );
      expect(projects.nodes).toContainEqual({ slug: "kept" });
      expect(second.output()).not.toContain("The API ended");
    } finally {
      await second.close();
      await gateway.close();
    }
  });

  it("whose address is none is refused before anything is built, without saying the password", async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "residual-e2e-"));
    const starting = startSystem(["--empty"], dataDir, {
      environment: { DATABASE_URL: "mysql://root:hunter2@localhost/residual" },
    });
    const error = await starting.then(
      () => new Error("It started."),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/DATABASE_URL is no address of a PostgreSQL database\. Write it as postgres:/);
    expect(error.message).not.toMatch(/hunter2|building/);
    rmSync(dataDir, { recursive: true });
  });
});
