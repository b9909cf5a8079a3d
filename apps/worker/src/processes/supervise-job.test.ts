import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { foldersIn } from "../data-folders.js";
import { createLog } from "../log.js";
import type { CheckpointCommit, ClaimedJob, JobEnd, JobStart } from "../operations.js";
import { UnrulyApi } from "../unruly-api.fixture.js";
import { type JobSupervision, superviseJob } from "./supervise-job.js";

const shipped = new URL("../../../../datasets/fashion-mnist", import.meta.url).pathname;

let images: string;
beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), "residual-images-"));
  for (const name of ["bag", "sandal"]) {
    await mkdir(join(images, name));
    const files = (await readdir(join(shipped, name))).slice(0, 20);
    for (const file of files) await cp(join(shipped, name, file), join(images, name, file));
  }
});
afterAll(() => rm(images, { recursive: true }));

let data: string;
let api: UnrulyApi;
let shutdown: AbortController;
let deadline: AbortController;
let printed: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "residual-process-"));
  printed = "";
  shutdown = new AbortController();
  deadline = new AbortController();
  api = new UnrulyApi();
  await api.start();
});
afterEach(async () => {
  await api.stop();
  await rm(data, { recursive: true, force: true });
});

function supervision(env: NodeJS.ProcessEnv = {}): JobSupervision {
  const write = (text: string) => {
    printed += text;
  };
  return {
    api: api.client(),
    log: createLog(write),
    folders: foldersIn(data, "worker-1"),
    shutdown: { begun: shutdown.signal, deadline: deadline.signal },
    slot: "worker-1",
    device: `test-${process.pid}`,
    executor: "wasm",
    gpu: null,
    env: { ...process.env, API_URL: api.url, RESIDUAL_WORKER_KEY: "res_test", RESIDUAL_DATA: data, ...env },
    environment: {},
    write,
  };
}

/** What the API hands out at a claim: the run, and its newest committed checkpoint. */
function claim(leaseGeneration: number, epochs = 4): ClaimedJob {
  const commits = inputs<CheckpointCommit>("CommitCheckpoint");
  return {
    job: { id: "job_1", kind: "TRAIN_RUN", attempt: 1 },
    leaseGeneration,
    leaseSeconds: 0.4,
    run: {
      id: "run_1",
      name: "first",
      config: { architecture: "resnet18", batchSize: 4, imageSize: 32, epochs, learningRate: 1e-3, optimizer: "SGD" },
      checkpoints: commits,
    },
    dataset: { id: "dst_1", name: "two classes", path: images, contentHash: null },
    splitOptions: { valFraction: 0.2, testFraction: 0.1, splitSeed: 0 },
    checkpoint: commits.at(-1) ?? null,
  };
}

const inputs = <Input>(name: string) => api.inputsOf(name) as unknown as Input[];
const ends = () => inputs<JobEnd>("FinishJob");
const pointsOf = (generation: number) =>
  api.stored.filter(({ key, leaseGeneration }) => key === "train/running_loss" && leaseGeneration === generation);
const stepsOf = (generation: number) => pointsOf(generation).map(({ step }) => step);

/** What a job's process runs before its own. Returns its path. */
async function program(text: string): Promise<string> {
  const path = join(data, "first.cjs");
  await writeFile(path, text);
  return path;
}

/** The process of the job, which this one has started. */
async function processOfJob(): Promise<number> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8");
  for (const pid of children.trim().split(" ").map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes("job-process.js")) return pid;
  }
  throw new Error("no process of a job is running");
}

const canKill = process.platform === "linux" ? it : it.skip;

describe("superviseJob", () => {
  canKill("survives a fault in native code: what was logged arrives, and the run goes on to its end", async () => {
    const first = superviseJob(claim(1), supervision());
    await expect
      .poll(
        () =>
          inputs("CommitCheckpoint").length > 0 &&
          stepsOf(1).length > Number(inputs<CheckpointCommit>("CommitCheckpoint")[0]!.step),
        {
          timeout: 60_000,
          interval: 5,
        },
      )
      .toBe(true);
    process.kill(await processOfJob(), "SIGSEGV");
    expect(await first).toBe("crashed");
    expect(ends()).toEqual([{ job: "job_1", leaseGeneration: 1, status: "QUEUED" }]);
    expect(printed).toContain("SIGSEGV, a fault in native code");
    // Nothing is left on the disk, and no step before the crash is missing.
    expect(await readdir(join(data, "spool", "worker-1"))).toEqual([]);
    const before = stepsOf(1);
    expect(before).toEqual(before.map((_, index) => index + 1));

    expect(await superviseJob(claim(2), supervision())).toBe("ended");
    const start = inputs<JobStart>("BeginJob").at(-1)!;
    expect(start).toMatchObject({ leaseGeneration: 2 });
    expect(start.resumedFromStep).toBeGreaterThan(0);
    expect(before.length).toBeGreaterThanOrEqual(start.resumedFromStep);
    const after = stepsOf(2);
    expect(after).toEqual(after.map((_, index) => start.resumedFromStep + index + 1));
    expect(ends().at(-1)).toMatchObject({ status: "DONE", leaseGeneration: 2 });
    expect(await readdir(join(data, "crashes"))).toEqual([]);
  });

  it("gives a job up whose process dies at once again and again, with its last words and what to do", async () => {
    const crash = await program(`console.error("libfast.so: undefined symbol"); process.kill(process.pid, "SIGABRT");`);
    const dying = supervision({ NODE_OPTIONS: `--require ${crash}` });
    expect(await superviseJob(claim(1), dying)).toBe("crashed");
    expect(await superviseJob(claim(2), dying)).toBe("crashed");
    expect(ends().map(({ status }) => status)).toEqual(["QUEUED", "FAILED"]);
    const { error } = ends()[1]!;
    expect(error).toContain("crashed 2 times before its first step (SIGABRT, a fault in native code)");
    expect(error).toContain("libfast.so: undefined symbol");
    expect(error).toContain("npm run doctor");
  });

  it("ends a process that hangs in native code, and the run goes on from its last checkpoint", async () => {
    // What blocks this thread blocks it as a library's call does that never returns.
    const hang = await program(`
      const send = process.send;
      process.send = (news, ...rest) => {
        const sent = send.call(process, news, ...rest);
        if (news.step === 10) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return sent;
      };`);
    const silence = { always: 6_000, whenAsked: 6_000 };
    expect(await superviseJob(claim(1), { ...supervision({ NODE_OPTIONS: `--require ${hang}` }), silence })).toBe(
      "crashed",
    );
    expect(ends()).toEqual([{ job: "job_1", leaseGeneration: 1, status: "QUEUED" }]);
    expect(printed).toContain("it hung and was ended: no sign of life for ");

    expect(await superviseJob(claim(2), supervision())).toBe("ended");
    expect(inputs<JobStart>("BeginJob").at(-1)!.resumedFromStep).toBeGreaterThan(0);
    expect(ends().at(-1)).toMatchObject({ status: "DONE", leaseGeneration: 2 });
  });

  it("ends a process whose step never returns once someone asks the run to stop", async () => {
    // Steps of native code are computed on threads of its own: everything but the training goes on.
    const hang = await program(`
      const timers = require("node:timers/promises");
      const { setImmediate } = timers;
      const { send } = process;
      let hangs = false;
      process.send = (news, ...rest) => {
        hangs ||= news.step >= 3;
        return send.call(process, news, ...rest);
      };
      timers.setImmediate = () => (hangs ? new Promise(() => {}) : setImmediate());
      require("node:module").syncBuiltinESMExports();`);
    // Before the training, progress counts images.
    const isTraining = (progress: unknown) => {
      const { phase, step } = (progress ?? {}) as { phase?: string; step?: number };
      return phase === "training" && step! >= 3;
    };
    api.handlers.set("Heartbeat", ({ progress }) => ({ request: isTraining(progress) ? "STOP" : "CONTINUE" }));
    const silence = { always: 600_000, whenAsked: 500 };
    // Long enough that a fast machine has not come to the end before the news of a third step is told.
    expect(await superviseJob(claim(1, 100), { ...supervision({ NODE_OPTIONS: `--require ${hang}` }), silence })).toBe(
      "crashed",
    );
    expect(printed).toContain("asked to end, it did not answer for ");
    expect(ends()).toEqual([{ job: "job_1", leaseGeneration: 1, status: "QUEUED" }]);
  });

  it("gives the job back with a checkpoint when the worker shuts down in the middle of an epoch", async () => {
    const running = superviseJob(claim(1, 100), supervision());
    await expect.poll(() => stepsOf(1).length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(1);
    shutdown.abort(new Error("SIGTERM"));
    expect(await running).toBe("ended");
    expect(ends()).toMatchObject([{ status: "QUEUED" }]);
    expect(inputs<CheckpointCommit>("CommitCheckpoint").at(-1)!.step).toBe(stepsOf(1).at(-1));
  });

  it("decodes images on as many threads as there are processors, or as the user says", async () => {
    const tell = await program(`console.log("threads", process.env.UV_THREADPOOL_SIZE); process.exit(1);`);
    const threadsOf = async (env: NodeJS.ProcessEnv) => {
      printed = "";
      await superviseJob(claim(1), supervision({ NODE_OPTIONS: `--require ${tell}`, ...env }));
      return Number(/threads (\d+)/.exec(printed)![1]);
    };
    expect(await threadsOf({})).toBe(Math.max(4, availableParallelism()));
    expect(await threadsOf({ UV_THREADPOOL_SIZE: "33" })).toBe(33);
  });

  it("says what is wrong with a library that cannot be used", async () => {
    const broken = join(data, "tensorflow");
    await mkdir(broken);
    for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
      await writeFile(join(broken, name), "");
    const named = { ...supervision({ RESIDUAL_TENSORFLOW: broken }), executor: "tensorflow" as const };
    expect(await superviseJob(claim(1), named)).toBe("ended");
    expect(ends()).toMatchObject([
      { status: "FAILED", error: expect.stringMatching(/cannot be used: .*(file too short|cannot be loaded)/) },
    ]);
  });
});
