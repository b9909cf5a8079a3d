import { expect, it } from "vitest";
import { measuredNotes } from "./measured-notes.js";
import type { MeasuredRun } from "./read-measured-runs.js";

const run = (change: Partial<MeasuredRun>): MeasuredRun => ({
  ...{ architecture: "resnet101", imageSize: 64, batchSize: 16, learningRate: 5e-5, epochs: 6 },
  ...{ imagesPerSecond: 10, latencyMilliseconds: 30, memoryBytes: 2.4e9, accuracy: 0.8, bestEpoch: 4 },
  ...change,
});
const said = (runs: readonly MeasuredRun[]) =>
  Object.fromEntries(
    measuredNotes("resnet101", runs).map(({ field, claim, message }) => [claim ?? field, message.text]),
  );

it("sets what runs here measured beside each claim, against runs at the same image size", () => {
  const runs = [
    run({}),
    run({ accuracy: 0.85, learningRate: 1e-4, bestEpoch: 6, memoryBytes: null }),
    run({ architecture: "resnet50", imagesPerSecond: 16 }),
    run({ architecture: "vit_base_patch16_224", latencyMilliseconds: 27, imageSize: 64 }),
  ];
  expect(said(runs)).toEqual({
    epochs: "The best run here was best at epoch 6 of 6.",
    learningRate: "The best run here had a rate of 0.0001: 85 % val accuracy.",
    gpu: "A run here at 64 px with batch 16 took 2.4 GB.",
    trainingTime: "At 64 px here: 1.6 times the time for an image that ResNet-50 takes.",
    inference: "At 64 px here: one image takes 30 ms; ViT-B/16 takes 27 ms.",
  });
});

it("says nothing of what no run measured, and compares no speeds at different sizes", () => {
  expect(said([])).toEqual({});
  const other = run({ architecture: "resnet50", imageSize: 224 });
  expect(said([run({ latencyMilliseconds: null }), other])).not.toHaveProperty("trainingTime");
  expect(said([run({ memoryBytes: null, accuracy: null, bestEpoch: null }), other])).toEqual({});
});
