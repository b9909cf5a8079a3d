import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DivergedError, type Executor, OutOfMemoryError, openWasm, resnetSpec } from "@residual/model";
import { packedPredictionBytes } from "@residual/shared";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { foldersIn } from "../data-folders.js";
import { createLog } from "../log.js";
import type {
  CheckpointCommit,
  ClaimedJob,
  EvaluationRow,
  JobEnd,
  JobStart,
  NoticeRow,
  ScanReport,
  TestScoreRow,
} from "../operations.js";
import { UnrulyApi } from "../unruly-api.fixture.js";
import { runJob, type WorkerContext } from "./run-job.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;
const splitOptions = { valFraction: 0.2, testFraction: 0.1, splitSeed: 0 };

/** A ResNet of a few thousand weights: everything but the size is real. */
const tiny = resnetSpec("resnet18", "tiny", 10, {
  block: "basic",
  depths: [1, 1, 1, 1],
  stem: 4,
  widths: [4, 4, 8, 8],
});

let executor: Executor;
let images: string;
beforeAll(async () => {
  executor = await openWasm();
  images = await mkdtemp(join(tmpdir(), "residual-images-"));
  for (const name of ["bag", "sandal"]) {
    await mkdir(join(images, name));
    const files = (await readdir(join(shipped, name))).slice(0, 40);
    for (const file of files) await cp(join(shipped, name, file), join(images, name, file));
  }
});
afterAll(() => rm(images, { recursive: true }));

let data: string;
let api: UnrulyApi;
let lines: string[];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "residual-job-"));
  lines = [];
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  await api.stop();
  await rm(data, { recursive: true, force: true });
});

function worker(shutdown = new AbortController(), uploadsBest = false): WorkerContext {
  return {
    api: api.client(),
    executor: async () => executor,
    architecture: () => tiny,
    folders: foldersIn(data, "worker"),
    log: createLog((line) => lines.push(line)),
    shutdown: shutdown.signal,
    deadline: new AbortController().signal,
    environment: { node: process.version },
    uploadsBest,
    gpu: null,
    tell: () => {},
  };
}

function runOf(epochs: number): NonNullable<ClaimedJob["run"]> {
  const shape = { architecture: "resnet18", batchSize: 16, imageSize: 32 } as const;
  return {
    id: "run_1",
    name: "first",
    config: { ...shape, epochs, learningRate: 1e-3, optimizer: "SGD" },
    checkpoints: [],
  };
}

function trainJob(changes: Partial<ClaimedJob> = {}): ClaimedJob {
  return {
    job: { id: "job_1", kind: "TRAIN_RUN", attempt: 1 },
    leaseGeneration: 1,
    leaseSeconds: 0.04,
    run: runOf(2),
    dataset: { id: "dst_1", name: "two classes", path: images, contentHash: null },
    splitOptions,
    checkpoint: null,
    ...changes,
  };
}

const only = <Input>(name: string) => api.inputsOf(name) as unknown as Input[];
const end = () => only<JobEnd>("FinishJob");
const stepsStored = () => api.stored.filter((point) => point.key === "train/running_loss").map((point) => point.step);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe("runJob", () => {
  it("trains a run and tells the API all of it, a checkpoint only after every point before it", async () => {
    const missingAtCommit: number[] = [];
    api.handlers.set("CommitCheckpoint", ({ step }) => {
      missingAtCommit.push(Number(step) - stepsStored().filter((stored) => stored <= Number(step)).length);
      return { step };
    });
    await runJob(trainJob(), worker());
    expect(missingAtCommit).toEqual([0, 0]);
    const [begin] = only<JobStart>("BeginJob");
    expect(begin).toMatchObject({
      job: "job_1",
      leaseGeneration: 1,
      resumedFromStep: 0,
      environment: { node: process.version },
    });
    expect(begin!.passport).toMatchObject({ imageSize: 32, classes: 2 });

    const steps = stepsStored();
    expect(steps).toEqual(upTo(steps.length));
    const evaluations = only<EvaluationRow>("LogEvaluation");
    expect(evaluations.map((row) => row.epoch)).toEqual([1, 2]);
    const [{ val }] = evaluations as [EvaluationRow];
    expect(Buffer.from(val.predictions!, "base64")).toHaveLength(packedPredictionBytes * val.examples);
    expect(Buffer.from(val.losses!, "base64")).toHaveLength(val.examples * 4);
    const losses = new Float32Array(new Uint8Array(Buffer.from(val.losses!, "base64")).buffer);
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(Number(val.meanLoss), 4);
    expect(api.stored.filter((point) => point.key === "val/loss").map((point) => point.value)).toEqual(
      evaluations.map((row) => row.val.meanLoss),
    );

    expect(only<CheckpointCommit>("CommitCheckpoint").map((commit) => commit.epoch)).toEqual([1, 2]);
    expect(begin!.initialWeights).toMatchObject({ source: "RANDOM", sha256: null });
    const [tested, ...more] = only<TestScoreRow>("LogTestScore");
    expect(more).toEqual([]);
    expect(tested!.score.classRecalls).toHaveLength(2);
    const { predictions, examples } = tested!.score;
    expect(Buffer.from(predictions!, "base64")).toHaveLength(packedPredictionBytes * examples);
    expect(api.stored.filter(({ key }) => key === "val/macro_f1").map(({ value }) => value)).toEqual(
      evaluations.map((row) => row.val.macroF1),
    );

    expect(end()).toHaveLength(1);
    expect(end()[0]).toMatchObject({ status: "DONE", stopped: false });
    expect(end()[0]!.latencyP50Milliseconds).toBeGreaterThan(0);
    expect(end()[0]!.latencyP95Milliseconds).toBeGreaterThanOrEqual(end()[0]!.latencyP50Milliseconds!);
    expect(end()[0]!.inferenceImagesPerSecond).toBeGreaterThan(0);
    expect(await readdir(join(data, "checkpoints", "run_1"))).toHaveLength(1);
    expect(api.inputsOf("Heartbeat").length).toBeGreaterThan(3);
    expect(await readdir(join(data, "spool", "worker"))).toEqual([]);
    expect(lines.join("")).toContain("run=first");
  });

  it("uploads the best checkpoint where it is told to, under its lease", async () => {
    await runJob(trainJob({ run: runOf(1) }), worker(new AbortController(), true));
    const [upload, ...more] = api.uploads;
    expect(more).toEqual([]);
    const [best] = await readdir(join(data, "checkpoints", "run_1"));
    const content = await readFile(join(data, "checkpoints", "run_1", best!));
    expect(upload!.begun).toMatchObject({ run: "run_1", name: "best.safetensors", leaseGeneration: 1 });
    expect(upload!.begun.sha256).toBe(createHash("sha256").update(content).digest("hex"));
    expect(upload!.content.equals(content)).toBe(true);
    expect(end()[0]).toMatchObject({ status: "DONE" });
  });

  it("ends a run all the same whose checkpoint the API does not take, and says why", async () => {
    api.uploadRefusal = "The files of this project have too many bytes.";
    await runJob(trainJob({ run: runOf(1) }), worker(new AbortController(), true));
    expect(lines.join("")).toContain("The files of this project have too many bytes.");
    expect(end()[0]).toMatchObject({ status: "DONE", stopped: false });
  });

  it("tells what a reader of the curves has to know", async () => {
    const run = runOf(1);
    await runJob(
      trainJob({ run: { ...run, config: { ...run.config, batchSize: 8, freezeBatchNorm: true } } }),
      worker(),
    );
    const notices = only<NoticeRow>("AddRunNotice");
    expect(notices.map(({ kind }) => kind)).toEqual(["TRAINED_FROM_SCRATCH", "BATCH_NORM_FROZEN"]);
    const notice = notices[1];
    expect(notice).toMatchObject({ job: "job_1", leaseGeneration: 1, step: 0, kind: "BATCH_NORM_FROZEN" });
    expect(notice!.text).toContain("8");
    expect(notice!.values).toMatchObject({ images: 8 });
    expect(lines.join("")).toContain(notice!.text);
  });

  it("goes on while the API is away, and nothing is lost or doubled", async () => {
    api.handlers.set("BeginJob", () => {
      setImmediate(() => void api.stop());
      return { id: "job_1" };
    });
    const running = runJob(trainJob(), worker());
    await expect
      .poll(() => readdir(join(data, "checkpoints", "run_1")).catch(() => []), { timeout: 30_000 })
      .toHaveLength(2);
    expect(only("CommitCheckpoint")).toEqual([]);
    await api.start();
    await running;
    expect(stepsStored()).toEqual(upTo(stepsStored().length));
    expect(end()[0]).toMatchObject({ status: "DONE" });
    expect(only("LogEvaluation")).toHaveLength(2);
  });

  it("puts a run down when the worker shuts down, and the next one goes on from that very step", async () => {
    const shutdown = new AbortController();
    api.handlers.set("LogMetrics", () => undefined);
    const running = runJob(trainJob({ run: runOf(30) }), worker(shutdown));
    await expect.poll(() => stepsStored().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(0);
    shutdown.abort();
    await running;
    expect(end()[0]).toMatchObject({ status: "QUEUED" });
    const checkpoint = only<CheckpointCommit>("CommitCheckpoint").at(-1)!;
    expect(checkpoint.step).toBe(stepsStored().at(-1));

    await runJob(trainJob({ run: runOf(30), leaseGeneration: 2, checkpoint }), worker());
    expect(only<JobStart>("BeginJob")[1]).toMatchObject({ leaseGeneration: 2, resumedFromStep: checkpoint.step });
    expect(stepsStored()).toEqual(upTo(stepsStored().length));
    expect(end()[1]).toMatchObject({ status: "DONE" });
  });

  it("falls back to an earlier checkpoint when the last one is damaged, and to the start when all are", async () => {
    // Stopped in its second epoch, the run leaves the checkpoint of the first and that of its stop.
    api.handlers.set("Heartbeat", () => ({ request: stepsStored().length > 3 ? "STOP" : "CONTINUE" }));
    const run = runOf(100);
    await runJob(trainJob({ run }), worker());
    const commits = only<CheckpointCommit>("CommitCheckpoint");
    const [earlier, last] = commits.slice(-2) as [CheckpointCommit, CheckpointCommit];
    // It is enough to see where the next two begin.
    let hasBegun = false;
    api.handlers.set("BeginJob", () => {
      hasBegun = true;
      return { id: "job_1" };
    });
    api.handlers.set("Heartbeat", () => ({ request: hasBegun ? "CANCEL" : "CONTINUE" }));
    await writeFile(last.path, "damaged");
    const resumed = { run: { ...run, checkpoints: commits }, checkpoint: last };
    await runJob(trainJob({ ...resumed, leaseGeneration: 2 }), worker());
    expect(only<JobStart>("BeginJob").at(-1)!.resumedFromStep).toBe(earlier.step);

    hasBegun = false;
    for (const { path } of commits) await writeFile(path, "damaged");
    await runJob(trainJob({ ...resumed, leaseGeneration: 3 }), worker());
    expect(only<JobStart>("BeginJob").at(-1)!.resumedFromStep).toBe(0);
    expect(end().map(({ status }) => status)).toEqual(["DONE", "CANCELLED", "CANCELLED"]);
  });

  it("stops on request with an evaluation and a checkpoint", async () => {
    api.handlers.set("Heartbeat", () => ({ request: stepsStored().length > 0 ? "STOP" : "CONTINUE" }));
    await runJob(trainJob({ run: runOf(100) }), worker());
    expect(end()[0]).toMatchObject({ status: "DONE", stopped: true });
    const last = stepsStored().at(-1);
    expect(only<EvaluationRow>("LogEvaluation").at(-1)!.step).toBe(last);
    expect(only<CheckpointCommit>("CommitCheckpoint").at(-1)!.step).toBe(last);
  });

  it("ends at once when it is cancelled", async () => {
    api.handlers.set("Heartbeat", () => ({ request: stepsStored().length > 0 ? "CANCEL" : "CONTINUE" }));
    await runJob(trainJob({ run: runOf(100) }), worker());
    expect(end()[0]).toMatchObject({ status: "CANCELLED" });
  });

  it("writes nothing more once another worker holds the job, and keeps what it could not send", async () => {
    api.handlers.set("BeginJob", () => {
      api.fencedBelow = 2;
      return { id: "job_1" };
    });
    await runJob(trainJob({ run: runOf(100) }), worker());
    expect(api.stored).toEqual([]);
    expect(only("CommitCheckpoint")).toEqual([]);
    expect(end()).toEqual([]);
    expect(lines.join("")).toContain("belongs to another worker");
  });

  it("scans a dataset with progress, and a run then finds the scan", async () => {
    const { run: _, ...scanJob } = trainJob({ job: { id: "job_0", kind: "SCAN_DATASET", attempt: 1 } });
    await runJob({ ...scanJob, run: null }, worker());
    const [report] = only<ScanReport>("ReportDatasetScan");
    expect(report).toMatchObject({ job: "job_0", imageCount: 80, duplicates: [], unreadable: [] });
    expect(report!.classes.map(({ name, images }) => [name, images])).toEqual([
      ["bag", 40],
      ["sandal", 40],
    ]);
    expect(end()[0]).toMatchObject({ status: "DONE" });

    const dataset = { ...trainJob().dataset, contentHash: report!.contentHash };
    await runJob(trainJob({ dataset, run: runOf(1) }), worker());
    const phases = api.inputsOf("Heartbeat").map((input) => (input.progress as { phase: string } | null)?.phase);
    expect(phases.filter((phase, i) => phase === "scanning images" && i > phases.indexOf("training"))).toEqual([]);
    expect(end()[1]).toMatchObject({ status: "DONE" });
  });

  it.each([
    ["memory ran out", new OutOfMemoryError("no memory"), "OUT_OF_MEMORY"],
    ["it diverged", new DivergedError(3, 1, "the loss is NaN", 0.1, "a.png"), "DIVERGED"],
    ["something else went wrong", new TypeError("no such thing"), "OTHER"],
  ])("says for the advisor that %s", async (_, error, cause) => {
    const opening = async () => {
      throw error;
    };
    await runJob(trainJob(), { ...worker(), executor: opening });
    expect(end()).toMatchObject([{ status: "FAILED", cause }]);
  });

  it.each([
    ["the folder is gone", { path: "/no/such/folder" }, "There is no folder /no/such/folder"],
    ["the folder holds other images than when it was scanned", { contentHash: "f".repeat(64) }, "Scan it again"],
  ])("fails with the reason when %s", async (_, change, reason) => {
    await runJob(trainJob({ dataset: { ...trainJob().dataset, ...change } }), worker());
    expect(end()).toHaveLength(1);
    expect(end()[0]).toMatchObject({ status: "FAILED", error: expect.stringContaining(reason) });
  });
});
