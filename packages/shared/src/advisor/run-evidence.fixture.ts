import { assessGap } from "../generalization-gap/assess-gap.js";
import { completeTrainingConfig } from "../training-config/complete-training-config.js";
import type { EvaluationEvidence, RunEvidence } from "./run-evidence.js";

const EXAMPLES = 1_000;

/** Accuracies and losses of train and val after one epoch, on 1,000 images each. */
export function evaluated(
  epoch: number,
  [trainAccuracy, trainLoss]: readonly [number, number],
  [valAccuracy, valLoss]: readonly [number, number],
  more: Partial<EvaluationEvidence> = {},
): EvaluationEvidence {
  const score = (accuracy: number, meanLoss: number) => ({
    examples: EXAMPLES,
    correct: Math.round(accuracy * EXAMPLES),
    meanLoss,
  });
  return {
    epoch,
    step: epoch * 100,
    train: score(trainAccuracy, trainLoss),
    val: score(valAccuracy, valLoss),
    trainRunningAccuracy: null,
    valCalibrationError: null,
    ...more,
  };
}

/** A run of a ResNet-50 on ten classes of 400 images, in which nothing stands out. */
export function healthyRun(changes: Partial<RunEvidence> = {}): RunEvidence {
  const evaluations = changes.evaluations ?? [
    evaluated(1, [0.7, 0.9], [0.68, 0.95]),
    evaluated(2, [0.85, 0.5], [0.83, 0.55]),
    evaluated(3, [0.9, 0.35], [0.885, 0.4]),
  ];
  return {
    config: completeTrainingConfig({ architecture: "resnet50", batchSize: 16, epochs: 3, learningRate: 1e-4 }),
    status: "FINISHED",
    failure: null,
    classes: Array.from({ length: 10 }, (_, i) => ({ name: `class ${i}`, train: 400, val: 100, recall: 0.88 })),
    labels: { conflicts: 0, sureMistakes: 2, scored: 1_000 },
    trainImages: 4_000,
    loaderWaitShare: 0.02,
    gradientNorm: { median: 1, largest: 3 },
    outOfMemoryRecoveries: 0,
    divergences: 0,
    memory: { neededBytes: 2e9, availableBytes: 16e9 },
    precisions: ["FP32"],
    trainSeconds: 300,
    smallerNetwork: null,
    ...changes,
    evaluations,
    gap: changes.gap === undefined ? assessGap(evaluations) : changes.gap,
  };
}
