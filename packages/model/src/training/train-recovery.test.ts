import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Executor, Session } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { openWasm } from "../executors/wasm/wasm-executor.js";
import { openSafetensors } from "../weights/safetensors-reader.js";
import { type TrainingRequest, train } from "./train.js";
import { collect, config, essence, of, openTrainingBench, type TrainingBench } from "./training-bench.fixture.js";
import { cutBatch } from "./training-programs.js";

let bench: TrainingBench;
beforeAll(async () => {
  bench = await openTrainingBench();
});
afterAll(() => bench.remove());

type Run = Session["run"];

/** The reference executor with something that happens around its runs; `opened` is called before a session is. */
function disturbed(around: (run: Run, session: Session) => Run, opened: () => void = () => {}): Executor {
  return {
    ...referenceExecutor,
    async openSession(graphs, options) {
      opened();
      const session = await referenceExecutor.openSession(graphs, options);
      const run = around((graph, fetch, feeds) => session.run(graph, fetch, feeds), session);
      return {
        run,
        read: (names) => session.read(names),
        write: (values) => session.write(values),
        memory: () => session.memory(),
        dispose: () => session.dispose(),
      };
    },
  };
}

/** Memory for `images` at a time, from update `step` on. */
function withRoomFor(images: number, step: number): Executor {
  return disturbed((run) => async (graph, fetch, feeds) => {
    const isLate = (feeds.get("step")?.[0] ?? 0) >= step;
    if (isLate && feeds.get("images")!.length / (16 * 16 * 3) > images) throw new OutOfMemoryError("too many images");
    return run(graph, fetch, feeds);
  });
}

/** Weights that turn into NaN before update `step`, `times` times. */
function withBrokenWeights(step: number, times: number): Executor {
  return disturbed((run, session) => async (graph, fetch, feeds) => {
    if (times > 0 && feeds.get("step")?.[0] === step) {
      times--;
      await session.write(new Map([["fc.bias", Float32Array.of(Number.NaN, 0)]]));
    }
    return run(graph, fetch, feeds);
  });
}

it("on several threads, too, a resumed run ends with the same bits", async () => {
  const executor = await openWasm();
  const changes = { executor, config: { ...config, microBatches: 2, emaDecay: 0.9, mixup: 0.4 } };
  const whole = await collect(await bench.options(changes));
  const checkpointFolder = await bench.newFolder();
  let request: TrainingRequest = "continue";
  const before = await collect(
    await bench.options({ ...changes, checkpointFolder, request: () => request }),
    (event) => {
      if (event.type === "step" && event.step === 5) request = "pause";
    },
  );
  const resumeFrom = of("checkpointed", before).at(-1)!.path;
  const after = await collect(await bench.options({ ...changes, checkpointFolder, resumeFrom }));
  expect(of("checkpointed", after).at(-1)!.sha256).toBe(of("checkpointed", whole).at(-1)!.sha256);
});

describe("too little memory", () => {
  it("after the first checkpoint leads back to it, and a resumed run goes on in the same parts", async () => {
    const whole = await collect(await bench.options({ executor: withRoomFor(4, 5) }));
    const notice = of("notice", whole).find(({ kind }) => kind === "OUT_OF_MEMORY");
    expect(notice?.message.values).toMatchObject({ microBatches: 2, resumedFrom: 3 });
    expect(of("step", whole).map(({ step }) => step)).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8, 9]);

    const checkpointFolder = await bench.newFolder();
    let request: TrainingRequest = "continue";
    const first = await bench.options({ executor: withRoomFor(4, 5), checkpointFolder, request: () => request });
    const before = await collect(first, (event) => {
      if (event.type === "step" && event.step === 7) request = "pause";
    });
    const resumeFrom = of("checkpointed", before).at(-1)!.path;
    // With room for everything the whole batch would do, but other bits would come of it.
    const after = await collect(await bench.options({ checkpointFolder, resumeFrom }));
    expect(essence(of("step", after))).toEqual(essence(of("step", whole)).slice(-2));
    expect(of("checkpointed", after).at(-1)!.sha256).toBe(of("checkpointed", whole).at(-1)!.sha256);
  });

  it("when the graphs are given to the device is mended, and the run's start is still the first that is said", async () => {
    let tries = 0;
    const executor = disturbed(
      (run) => run,
      () => {
        if (tries++ === 0) throw new OutOfMemoryError("no room");
      },
    );
    const events = await collect(await bench.options({ executor, config: { ...config, epochs: 1 } }));
    expect(events[0]!.type).toBe("started");
    expect(of("notice", events).map(({ kind }) => kind)).toContain("OUT_OF_MEMORY");
    expect(of("finished", events)[0]).toMatchObject({ reason: "completed", step: 3 });
  });
});

describe("a divergence", () => {
  it("is mended by going back to the last checkpoint with a third of the learning rate, also when resumed later", async () => {
    const options = await bench.options({ executor: withBrokenWeights(5, 1) });
    const events = await collect(options);
    const notice = of("notice", events).find(({ kind }) => kind === "DIVERGED")!;
    expect(notice.message.values).toMatchObject({ step: 5, resumedFrom: 3, learningRate: "0.0033" });
    const rates = of("step", events).map(({ step, learningRate }) => [step, learningRate] as const);
    expect(rates.map(([step]) => step)).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8, 9]);
    expect(rates[4]![1]).toBeCloseTo(rates[3]![1] / 3, 12);

    const resumed = await collect({ ...options, resumeFrom: of("checkpointed", events)[1]!.path });
    expect(of("step", resumed).map(({ learningRate }) => learningRate)).toEqual(
      rates.slice(-3).map(([, rate]) => rate),
    );
  });

  it("that comes back ends the run with the step and files of the batch; no checkpoint holds what is no number", async () => {
    const options = await bench.options({ executor: withBrokenWeights(5, 2), checkpointMinutes: 0 });
    await expect(collect(options)).rejects.toMatchObject({
      name: "DivergedError",
      step: 5,
      message: /diverged at step 5 .*images (sandal|trouser)\/\d+\.png/s,
    });
  });

  it("of weights between two steps is noticed before they are saved", async () => {
    const broken = disturbed((run, session) => async (graph, fetch, feeds) => {
      const results = await run(graph, fetch, feeds);
      if (feeds.get("step")?.[0] === 2) await session.write(new Map([["fc.bias", Float32Array.of(Number.NaN, 0)]]));
      return results;
    });
    const saved: string[] = [];
    const options = await bench.options({ executor: broken, checkpointMinutes: 0, retryDivergence: false });
    const running = collect(options, (event) => {
      if (event.type === "checkpointed") saved.push(event.path);
    });
    await expect(running).rejects.toThrow(/diverged at step 2 .*fc\.bias has values that are not finite/s);
    expect(saved).toHaveLength(1);
    const file = await openSafetensors(saved[0]!);
    expect((await file.read("fc.bias")).every(Number.isFinite)).toBe(true);
    await file.close();
  });
});

it("a run whose process is killed goes on from its newest checkpoint to the same bits", async () => {
  const changes = { config: { ...config, emaDecay: 0.9, evalUnit: "STEP", evalEvery: 2, earlyStopping: 9 } } as const;
  const whole = await collect(await bench.options({ ...changes, checkpointMinutes: 0 }));
  const checkpointFolder = await bench.newFolder();
  const paths: string[] = [];
  for await (const event of train(await bench.options({ ...changes, checkpointFolder, checkpointMinutes: 0 }))) {
    if (event.type === "checkpointed") paths.push(event.path);
    // Nothing is said and nothing saved any more, as if the process were gone.
    if (event.type === "step" && event.step === 6) break;
  }
  const resumeFrom = paths.at(-1)!;
  const after = await collect(await bench.options({ ...changes, checkpointFolder, resumeFrom, checkpointMinutes: 0 }));
  expect(of("started", after)[0]!.resumedFromStep).toBe(5);
  expect(essence(of("evaluated", after))).toEqual(essence(of("evaluated", whole)).slice(2));
  expect(of("checkpointed", after).at(-1)!.sha256).toBe(of("checkpointed", whole).at(-1)!.sha256);
});

it("a pause while the test split is scored leaves the run to be resumed, which then scores it", async () => {
  const checkpointFolder = await bench.newFolder();
  let request: TrainingRequest = "continue";
  const changes = { checkpointFolder, config: { ...config, epochs: 1 } };
  const before = await collect(await bench.options({ ...changes, request: () => request }), (event) => {
    if (event.type === "checkpointed") request = "pause";
  });
  expect(of("tested", before)).toEqual([]);
  expect(of("finished", before)[0]!.reason).toBe("paused");
  const resumeFrom = of("checkpointed", before).at(-1)!.path;
  const after = await collect(await bench.options({ ...changes, resumeFrom }));
  expect(of("step", after)).toEqual([]);
  expect(of("tested", after)).toHaveLength(1);
  expect(of("finished", after)[0]!.reason).toBe("completed");
});

it("cuts a batch into equal parts, and rather leaves out an image than computes them one by one", () => {
  expect(cutBatch(32, 4)).toEqual({ batchSize: 32, parts: 4 });
  expect(cutBatch(30, 4)).toEqual({ batchSize: 30, parts: 5 });
  expect(cutBatch(97, 2)).toEqual({ batchSize: 96, parts: 2 });
  expect(cutBatch(3, 8)).toEqual({ batchSize: 3, parts: 3 });
});
