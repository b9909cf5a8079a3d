import type { ComparedRun, StandingRun } from "./compared-run.js";

type Change = Partial<Omit<ComparedRun, "cost">> & {
  epoch?: number;
  correct?: number;
  examples?: number;
  hash?: string | null;
  trainSeconds?: number | null;
  macs?: number | null;
  valCorrect?: ArrayLike<number> | null;
};

/** A finished ResNet-50 that is right on 800 of 1,000 val images (of which nothing is known image by image), and what a test changes in it. */
export function standing(id: string, change: Change = {}): StandingRun {
  const {
    epoch = 5,
    correct = 800,
    examples = 1000,
    hash = "val-1",
    trainSeconds = 100,
    macs = 4e9,
    valCorrect = null,
    ...run
  } = change;
  const probe = { examples: 1000, correct: 850, meanLoss: 0.4 };
  return {
    run: {
      id,
      name: id,
      status: "FINISHED",
      origin: "TRAINED_HERE",
      architecture: "resnet50",
      config: { epochs: 5, imageSize: 64 },
      seed: 0,
      group: null,
      datasetHash: "data-1",
      pretraining: "random",
      trainImages: 1000,
      ...run,
      cost: {
        parameters: 25e6,
        macs,
        trainSeconds,
        imagesPerSecond: 10,
        secondsPerEpoch: 20,
        memoryBytes: 2e9,
        latencyMilliseconds: 12,
        energyWattHours: null,
      },
    },
    evaluation: {
      epoch,
      step: epoch * 10,
      train: probe,
      val: { examples, correct, meanLoss: 0.5 },
      valImagesHash: hash,
    },
    valCorrect,
  };
}

/** Two models on the same images: both right, only the first right, only the second right, both wrong. */
export function answers(
  both: number,
  onlyFirst: number,
  onlySecond: number,
  neither: number,
): [Uint8Array, Uint8Array] {
  const repeat = (value: number, times: number) => Array.from({ length: times }, () => value);
  const first = [...repeat(1, both + onlyFirst), ...repeat(0, onlySecond + neither)];
  const second = [...repeat(1, both), ...repeat(0, onlyFirst), ...repeat(1, onlySecond), ...repeat(0, neither)];
  return [Uint8Array.from(first), Uint8Array.from(second)];
}
