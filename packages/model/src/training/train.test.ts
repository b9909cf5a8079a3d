import { createHash } from "node:crypto";
import { symlinkSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tinyResNet, tinyVisionTransformer } from "../architectures/tiny.js";
import type { ImageFolderScan } from "../datasets/scan-image-folder.js";
import { referenceExecutor } from "../executors/reference/reference-executor.js";
import { verifyCheckpoint } from "./checkpoint-file.js";
import { keepBestCheckpoint } from "./checkpoint-folder.js";
import { type TrainingRequest, type TrainOptions, train } from "./train.js";
import { collect, config, essence, of, openTrainingBench, type TrainingBench } from "./training-bench.fixture.js";
import type { CheckpointedEvent, EvaluatedEvent, FinishedEvent, StepEvent, TrainingEvent } from "./training-event.js";

let bench: TrainingBench;
let dataset: ImageFolderScan;
let root: string;
beforeAll(async () => {
  bench = await openTrainingBench();
  ({ dataset, root } = bench);
});
afterAll(() => bench.remove());

let folder: string;
beforeEach(async () => {
  folder = await bench.newFolder();
});

function options(changes: Partial<TrainOptions> = {}): TrainOptions {
  return {
    executor: referenceExecutor,
    architecture: tinyResNet,
    config,
    dataset,
    checkpointFolder: folder,
    cacheFolder: join(root, "cache"),
    ...changes,
  };
}

describe("train", () => {
  it("learns, and tells every step, evaluation and checkpoint in order", async () => {
    const events = await collect(
      options({ config: { ...config, epochs: 30, labelSmoothing: 0, augmentation: "NONE" } }),
    );
    expect(events[0]).toMatchObject({
      type: "started",
      stepsPerEpoch: 3,
      totalSteps: 90,
      trainExamples: 28,
      resumedFromStep: 0,
    });
    expect(of("step", events).map((event) => event.step)).toEqual(Array.from({ length: 90 }, (_, i) => i + 1));
    expect(of("evaluated", events).map((event) => event.epoch)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const last = of("evaluated", events).at(-1)!;
    expect(last.train.correct / last.train.examples).toBeGreaterThan(0.9);
    expect(last.val.correct).toBe(
      [...last.val.predictions].filter((label, i) => label === (i < dataset.classes[0]!.val ? 0 : 1)).length,
    );
    expect(events.at(-1)).toMatchObject({ type: "finished", reason: "completed", step: 90, epoch: 30 });
  });

  it.each([
    ["in the middle of an epoch", 4],
    ["at the end of an epoch, before its evaluation", 3],
  ])("ends with the same bits when it is put down %s and resumed", async (_, pauseAt) => {
    const whole = await collect(options());

    const second = await mkdtemp(join(root, "run-"));
    let request: TrainingRequest = "continue";
    const interrupted = options({ checkpointFolder: second, request: () => request });
    const before = await collect(interrupted, (event) => {
      if (event.type === "step" && event.step === pauseAt) request = "pause";
    });
    expect(before.at(-1)).toMatchObject({ type: "finished", reason: "paused", step: pauseAt });
    const resumeFrom = of("checkpointed", before).at(-1)!.path;
    const after = await collect(options({ checkpointFolder: second, resumeFrom }));

    expect(after[0]).toMatchObject({ type: "started", resumedFromStep: pauseAt });
    const stepsOf = (events: TrainingEvent[]) => essence(of("step", events));
    expect([...stepsOf(before), ...stepsOf(after)]).toEqual(stepsOf(whole));
    const evaluationsOf = (events: TrainingEvent[]) => essence(of("evaluated", events));
    expect([...evaluationsOf(before), ...evaluationsOf(after)]).toEqual(evaluationsOf(whole));
    expect(of("checkpointed", after).at(-1)!.sha256).toBe(of("checkpointed", whole).at(-1)!.sha256);
  });

  it("is the same for the same seed and another for another, and trains a ViT with SGD too", async () => {
    const changes = {
      architecture: tinyVisionTransformer,
      config: { ...config, optimizer: "SGD", epochs: 1 } as const,
    };
    const once = await collect(options(changes));
    const again = await collect(options({ ...changes, checkpointFolder: await mkdtemp(join(root, "run-")) }));
    expect(essence(again)).toEqual(essence(once));
    const other = await collect(
      options({
        ...changes,
        config: { ...changes.config, seed: 8 },
        checkpointFolder: await mkdtemp(join(root, "run-")),
      }),
    );
    expect(essence(of("step", other))).not.toEqual(essence(of("step", once)));
  });

  it("stops on request with the evaluation and the checkpoint of where it is", async () => {
    let request: TrainingRequest = "continue";
    const events = await collect(options({ request: () => request }), (event) => {
      if (event.type === "step" && event.step === 4) request = "stop";
    });
    expect(events.slice(-4).map((event) => event.type)).toEqual(["evaluated", "checkpointed", "tested", "finished"]);
    expect(events.at(-1)).toMatchObject({ reason: "stopped", step: 4 });
    expect((events.at(-4) as EvaluatedEvent).step).toBe(4);
  });

  it("is cancelled within one batch", async () => {
    const controller = new AbortController();
    const steps: StepEvent[] = [];
    const running = (async () => {
      for await (const event of train(options({ signal: controller.signal }))) {
        if (event.type !== "step") continue;
        steps.push(event);
        controller.abort(new Error("cancelled"));
      }
    })();
    await expect(running).rejects.toThrow("cancelled");
    expect(steps).toHaveLength(1);
  });

  it("keeps the last two checkpoints, the best and the protected, and their digests hold", async () => {
    const all: CheckpointedEvent[] = [];
    const events = await collect(
      options({ config: { ...config, epochs: 8 }, isProtected: (path) => path === all[0]?.path }),
      (event) => {
        if (event.type === "checkpointed") all.push(event);
      },
    );
    const scores = of("evaluated", events).map(({ step, val }) => ({
      step,
      accuracy: val.correct / val.examples,
      loss: val.meanLoss,
    }));
    const best = scores.sort((a, b) => b.accuracy - a.accuracy || a.loss - b.loss || a.step - b.step)[0]!.step;
    const expected = new Set([3, best, 21, 24].map((step) => `step-${String(step).padStart(9, "0")}.safetensors`));
    const left = (await readdir(folder)).filter((name) => name.endsWith(".safetensors"));
    expect(new Set(left)).toEqual(expected);
    const last = all.at(-1)!;
    expect(await verifyCheckpoint(last.path, last.sha256)).toBe(true);
    expect(
      createHash("sha256")
        .update(await readFile(last.path))
        .digest("hex"),
    ).toBe(last.sha256);
    expect(await verifyCheckpoint(last.path, "0".repeat(64))).toBe(false);
    expect(await verifyCheckpoint(join(folder, "missing"), last.sha256)).toBe(false);

    await keepBestCheckpoint(folder);
    expect(await readdir(folder)).toEqual([`step-${String(best).padStart(9, "0")}.safetensors`]);
  });

  it("says that the disk is full and leaves the earlier checkpoint intact", async () => {
    const saved: CheckpointedEvent[] = [];
    const running = collect(options(), (event) => {
      if (event.type !== "checkpointed") return;
      saved.push(event);
      // The kernel's own full disk: the name under which the second checkpoint would grow leads to /dev/full.
      symlinkSync("/dev/full", join(folder, `step-000000006.safetensors.${process.pid}.unfinished`));
    });
    await expect(running).rejects.toThrow(
      /No space for a checkpoint of \d+ MB in .*step 3 is intact.*Free some space/s,
    );
    expect(await verifyCheckpoint(saved[0]!.path, saved[0]!.sha256)).toBe(true);
    expect(await readdir(folder)).toEqual(["step-000000003.safetensors"]);
  });

  it("refuses a damaged checkpoint and one of another run", async () => {
    const events = await collect(options({ config: { ...config, epochs: 1 } }));
    const { path } = of("checkpointed", events)[0]!;
    await expect(collect(options({ resumeFrom: path, config: { ...config, seed: 1 } }))).rejects.toThrow(
      "seed is 7, this run's is 1",
    );
    const damaged = join(folder, "damaged.safetensors");
    await rename(path, damaged);
    await expect(collect(options({ resumeFrom: path }))).rejects.toThrow("cannot be gone on from");
  });

  it("ends with the step and an advice when it diverges", async () => {
    const wild = { ...config, learningRate: 1e30, optimizer: "SGD", warmupFraction: 0 } as const;
    await expect(collect(options({ config: wild, retryDivergence: false }))).rejects.toThrow(
      /diverged at step \d+ .*lower learning rate \(3\.3e\+29.*images (sandal|trouser)\/\d+\.png/s,
    );
  });

  it("needs the folder only until the images are decoded, and names it when it is gone before", async () => {
    const gone = { ...dataset, path: join(root, "no-such-folder") };
    await expect(collect(options({ dataset: gone, cacheFolder: join(folder, "empty") }))).rejects.toThrow(
      /no-such-folder.*vanished or was changed/s,
    );
    await collect(options({ config: { ...config, epochs: 1 } }));
    const afterwards = options({ dataset: gone, config: { ...config, epochs: 1 } });
    const finished = (await collect(afterwards)).at(-1) as FinishedEvent;
    expect(finished.peakMemoryBytes).toBeGreaterThan(0);
  });
});
