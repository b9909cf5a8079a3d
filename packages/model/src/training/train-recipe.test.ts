import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingConfig } from "@residual/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import type { Executor } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { openSafetensors } from "../weights/safetensors-reader.js";
import { type TrainingRequest, train } from "./train.js";
import { collect, config, essence, of, openTrainingBench, type TrainingBench } from "./training-bench.fixture.js";

let bench: TrainingBench;
beforeAll(async () => {
  bench = await openTrainingBench();
});
afterAll(() => bench.remove());

/** Every setting away from what it usually is. */
const everything: TrainingConfig = {
  ...config,
  evalUnit: "STEP",
  evalEvery: 2,
  schedule: "STEP",
  headLearningRateFactor: 3,
  layerDecay: 0.8,
  clipNorm: 0.5,
  emaDecay: 0.9,
  freeze: "GRADUAL",
  augmentation: "HEAVY",
  mixup: 0.4,
  cutmix: 1,
  labelSmoothing: 0.1,
  classWeighting: "BALANCED",
  microBatches: 2,
  gradientCheckpointing: true,
};

describe("a run with every setting of the recipe", () => {
  it.each([
    ["ResNet", tinyResNet, 4],
    ["ResNet", tinyResNet, 6],
    ["ViT", tinyVisionTransformer, 5],
  ])("of a %s ends with the same bits when it is put down and resumed at step %#", async (_, architecture, pauseAt) => {
    const changes = { architecture, config: everything };
    const whole = await collect(await bench.options(changes));
    const checkpointFolder = await bench.newFolder();
    let request: TrainingRequest = "continue";
    const before = await collect(
      await bench.options({ ...changes, checkpointFolder, request: () => request }),
      (event) => {
        if (event.type === "step" && event.step === pauseAt) request = "pause";
      },
    );
    const resumeFrom = of("checkpointed", before).at(-1)!.path;
    const after = await collect(await bench.options({ ...changes, checkpointFolder, resumeFrom }));
    for (const type of ["step", "evaluated", "tested"] as const) {
      expect([...essence(of(type, before)), ...essence(of(type, after))]).toEqual(essence(of(type, whole)));
    }
    expect(of("checkpointed", after).at(-1)!.sha256).toBe(of("checkpointed", whole).at(-1)!.sha256);
  });

  it("counts its optimizer's averages anew where another part begins to be trained", async () => {
    const options = await bench.options({ config: { ...config, freeze: "GRADUAL" }, checkpointMinutes: 0 });
    const ratios: number[] = [];
    for await (const event of train(options)) {
      if (event.type !== "checkpointed" || event.step !== 4) continue;
      const file = await openSafetensors(event.path);
      const [first, second] = [await file.read("adam_m/fc.bias"), await file.read("adam_v/fc.bias")];
      ratios.push(...first.map((mean, i) => mean ** 2 / second[i]!));
      await file.close();
    }
    // After one update, and only then, they are a tenth of the gradient and a thousandth of its square.
    expect(ratios).toHaveLength(2);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(10, 3);
  });

  it("says what is trained, from when on", async () => {
    const events = await collect(await bench.options({ config: { ...config, freeze: "GRADUAL" } }));
    const notices = of("notice", events).filter(({ kind }) => kind === "STAGE_UNFROZEN");
    expect(notices.map(({ step, message }) => [step, message.key])).toEqual([
      [0, "notice.stageUnfrozen.headFirst"],
      [3, "notice.stageUnfrozen.lastStage"],
      [6, "notice.stageUnfrozen.all"],
    ]);
  });
});

it("in parts of a batch learns what it learns from whole ones, where no statistics are of a batch", async () => {
  const changes = { architecture: tinyVisionTransformer, config: { ...config, epochs: 1 } };
  const whole = await collect(await bench.options(changes));
  const parts = await collect(await bench.options({ ...changes, config: { ...changes.config, microBatches: 4 } }));
  const losses = (events: typeof whole) => of("step", events).map(({ runningLoss }) => runningLoss);
  for (const [i, loss] of losses(parts).entries()) expect(loss).toBeCloseTo(losses(whole)[i]!, 5);
});

it("ends early when val loss has not improved, keeps the best weights and scores test with them once", async () => {
  const options = await bench.options({
    config: { ...config, epochs: 30, earlyStopping: 2, learningRate: 0.1, schedule: "CONSTANT" },
  });
  const events = await collect(options);
  const losses = of("evaluated", events).map(({ step, val }) => ({ step, loss: val.meanLoss }));
  const lowest = losses.reduce((best, entry) => (entry.loss < best.loss * 0.999 ? entry : best));
  expect(losses.length).toBeLessThan(30);
  expect(losses.at(-3)).toEqual(lowest);
  const notice = of("notice", events).find(({ kind }) => kind === "EARLY_STOPPED");
  const finished = of("finished", events)[0]!;
  expect(notice?.message.values).toEqual({ evaluations: 2, bestStep: finished.bestStep });
  expect(finished.reason).toBe("completed");
  expect(of("tested", events)).toHaveLength(1);
  expect(of("tested", events)[0]!.step).toBe(finished.bestStep);
  const name = `step-${String(finished.bestStep).padStart(9, "0")}.safetensors`;
  expect(await readdir(options.checkpointFolder)).toContain(name);
});

describe("each setting of the recipe that is no part of the graph", () => {
  const epoch = { ...config, epochs: 1 };
  /** What the weights after three steps say of val: a checkpoint would differ by what is written about it alone. */
  const learnt = async (changes: Partial<typeof config>) => {
    const events = await collect(await bench.options({ config: { ...epoch, ...changes } }));
    return of("evaluated", events)[0]!.val.meanLoss;
  };
  let usual: number;
  beforeAll(async () => {
    usual = await learnt({});
    expect(await learnt({})).toBe(usual);
  });
  it.each([
    ["schedule", { schedule: "CONSTANT" }],
    ["warmupFraction", { warmupFraction: 0.5 }],
    ["emaDecay", { emaDecay: 0.5 }],
    ["augmentation", { augmentation: "HEAVY" }],
    ["mixup", { mixup: 0.5 }],
    ["cutmix", { cutmix: 0.5 }],
    ["labelSmoothing", { labelSmoothing: 0 }],
    ["seed", { seed: 8 }],
  ] as const)("reaches the training: %s", async (_, changes) => {
    expect(await learnt(changes)).not.toBe(usual);
  });
});

it("frozen batch normalization keeps the running statistics, and learns its scale", async () => {
  const events = await collect(await bench.options({ config: { ...config, epochs: 1, freezeBatchNorm: true } }));
  const file = await openSafetensors(of("checkpointed", events).at(-1)!.path);
  expect((await file.read("bn1.running_mean")).every((mean) => mean === 0)).toBe(true);
  expect((await file.read("bn1.weight")).every((scale) => scale === 1)).toBe(false);
  await file.close();
});

it("evaluates every n epochs and at the end, or every n steps", async () => {
  const evaluated = async (changes: Partial<typeof config>) =>
    of("evaluated", await collect(await bench.options({ config: { ...config, ...changes } }))).map(({ step }) => step);
  expect(await evaluated({ evalEvery: 2 })).toEqual([6, 9]);
  expect(await evaluated({ evalEvery: 4, evalUnit: "STEP" })).toEqual([4, 8, 9]);
});

it("keeps the weights of the best evaluation, also between epochs, and scores test with them", async () => {
  const between = await collect(
    await bench.options({ config: { ...config, epochs: 1, evalUnit: "STEP", evalEvery: 2 } }),
  );
  expect(of("checkpointed", between).map(({ step }) => step)).toEqual([2, 3]);

  const steady = { ...config, schedule: "CONSTANT", warmupFraction: 0, learningRate: 0.1 } as const;
  const long = await collect(await bench.options({ config: { ...steady, epochs: 30, earlyStopping: 2 } }));
  const { bestStep, step } = of("finished", long)[0]!;
  expect(bestStep).toBeLessThan(step);
  // The same run, ended there.
  const short = await collect(await bench.options({ config: { ...steady, epochs: bestStep! / 3 } }));
  expect(of("tested", long)[0]!.score.meanLoss).toBe(of("tested", short)[0]!.score.meanLoss);
});

it("writes a checkpoint every few minutes, not only after an epoch", async () => {
  const events = await collect(await bench.options({ config: { ...config, epochs: 1 }, checkpointMinutes: 0 }));
  expect(of("checkpointed", events).map(({ step }) => step)).toEqual([1, 2, 3]);
});

it("scores each class, and how sure the network is", async () => {
  const events = await collect(await bench.options({ config: { ...config, epochs: 1 } }));
  const { val } = of("evaluated", events)[0]!;
  const hits = (label: number) =>
    val.predictions.reduce((sum, prediction, i) => sum + (labelOf(i) === label && prediction === label ? 1 : 0), 0);
  const labelOf = (i: number) => (i < val.classExamples[0]! ? 0 : 1);
  expect(val.classExamples.reduce((sum, count) => sum + count, 0)).toBe(val.examples);
  expect(val.classRecalls).toEqual([0, 1].map((label) => hits(label) / val.classExamples[label]!));
  expect(val.balancedAccuracy).toBeCloseTo((val.classRecalls[0]! + val.classRecalls[1]!) / 2, 12);
  expect(val.top5Correct).toBeUndefined();
  expect(val.confidences.every((confidence) => confidence >= 0.5 && confidence <= 1)).toBe(true);
});

/** The reference executor with room for so many images at a time: a real shortage, only at a size that a test can afford. */
function withRoomFor(images: number): Executor {
  return {
    ...referenceExecutor,
    async openSession(graphs, options) {
      const session = await referenceExecutor.openSession(graphs, options);
      return {
        ...session,
        read: (names) => session.read(names),
        write: (values) => session.write(values),
        memory: () => session.memory(),
        dispose: () => session.dispose(),
        async run(graph, fetch, feeds) {
          const batch = feeds.get("images")!.length / (16 * 16 * 3);
          if (batch > images) throw new OutOfMemoryError(`${batch} images`);
          return session.run(graph, fetch, feeds);
        },
      };
    },
  };
}

describe("trouble on the way", () => {
  it("too little memory halves what is computed at a time until it fits, and the run goes on", async () => {
    const events = await collect(await bench.options({ executor: withRoomFor(2), config: { ...config, epochs: 1 } }));
    const notices = of("notice", events).filter(({ kind }) => kind === "OUT_OF_MEMORY");
    expect(notices.map(({ message }) => message.values.microBatches)).toEqual([2, 4]);
    expect(of("step", events).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(of("started", events)).toHaveLength(1);
    expect(of("finished", events)[0]).toMatchObject({ reason: "completed", step: 3 });
  });

  it("too little memory for a single image ends the run", async () => {
    await expect(collect(await bench.options({ executor: withRoomFor(0) }))).rejects.toThrow(OutOfMemoryError);
  });

  it("a divergence leads back to the last checkpoint once, with a third of the learning rate", async () => {
    const wild = { ...config, epochs: 2, learningRate: 1e30, optimizer: "SGD", warmupFraction: 0 } as const;
    const events: string[] = [];
    const running = collect(await bench.options({ config: wild }), (event) => {
      if (event.type === "notice") events.push(event.message.key);
    });
    await expect(running).rejects.toThrow(/diverged.*1\.1e\+29 instead of 3\.3/s);
    expect(events.filter((key) => key === "notice.diverged")).toHaveLength(1);
  });

  it("a precision that the executor lacks is refused with the reason before anything is loaded", async () => {
    const bf16 = await bench.options({ config: { ...config, precision: "BF16" } });
    await expect(collect(bf16)).rejects.toMatchObject({
      name: "UntrainableError",
      message: /has no bf16.*Train with fp32/s,
    });
  });
});

describe("the first weights", () => {
  it("are another run's, with its way of preparing images, and the run says so", async () => {
    const first = await collect(await bench.options({ config: { ...config, epochs: 2 } }));
    const { path, sha256 } = of("checkpointed", first).at(-1)!;
    const second = await collect(await bench.options({ config: { ...config, epochs: 1, initialWeights: path } }));
    expect(of("started", second)[0]!.initialWeights).toMatchObject({ source: path, sha256, replaced: [], resized: [] });
    expect(of("notice", second).map(({ kind }) => kind)).not.toContain("TRAINED_FROM_SCRATCH");
    const [fresh, tuned] = [first, second].map((events) => of("step", events)[0]!.runningLoss);
    expect(tuned).toBeLessThan(fresh!);
  });

  it("are random where the architecture has no public ones, loudly, and nothing stays frozen", async () => {
    const wanted = {
      ...config,
      epochs: 1,
      initialWeights: "AUTO",
      freeze: "HEAD_ONLY",
      freezeBatchNorm: true,
    } as const;
    const events = await collect(await bench.options({ config: wanted }));
    expect(of("started", events)[0]!.config).toMatchObject({ initialWeights: "RANDOM", freeze: "NONE" });
    expect(of("notice", events)[0]!.message.key).toBe("notice.trainedFromScratch.noneKnown");
  });

  it("are random where the public ones cannot be had, and the run says why; damaged ones end it", async () => {
    const cache = await bench.newFolder();
    const environment = ["HF_HUB_OFFLINE", "HF_HUB_CACHE"].map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, { HF_HUB_OFFLINE: "1", HF_HUB_CACHE: cache });
    try {
      const changes = { architecture: { ...tinyResNet, id: "resnet18" }, config: { ...config, epochs: 1 } };
      const automatic = { ...changes, config: { ...changes.config, initialWeights: "AUTO" } };
      const events = await collect(await bench.options(automatic));
      expect(of("started", events)[0]!.initialWeights.source).toBe("RANDOM");
      const { key, text } = of("notice", events)[0]!.message;
      expect(key).toBe("notice.trainedFromScratch.notFound");
      expect(text).toContain("HF_HUB_OFFLINE");

      const repository = join(cache, "models--timm--resnet18.a1_in1k");
      const snapshot = join(repository, "snapshots", "a".repeat(40));
      await mkdir(snapshot, { recursive: true });
      await mkdir(join(repository, "refs"));
      await writeFile(join(repository, "refs", "main"), "a".repeat(40));
      await writeFile(join(snapshot, "model.safetensors"), "no weights");
      await expect(collect(await bench.options(automatic))).rejects.toThrow(/model\.safetensors is no usable/);
    } finally {
      for (const [name, value] of environment) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it("of another network are refused with the tensor and both shapes", async () => {
    const first = await collect(await bench.options({ config: { ...config, epochs: 1 } }));
    const { path } = of("checkpointed", first).at(-1)!;
    const other = await bench.options({
      architecture: tinyVisionTransformer,
      config: { ...config, initialWeights: path },
    });
    await expect(collect(other)).rejects.toMatchObject({ name: "PretrainedError" });
  });
});
