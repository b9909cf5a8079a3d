import { describe, expect, it } from "vitest";
import { type ArchitectureId, architectureIds } from "../training-config/architecture-id.js";
import { completeTrainingConfig } from "../training-config/complete-training-config.js";
import type { TrainingConfigInput } from "../training-config/training-config.js";
import { validateTrainingConfig } from "../training-config/validate-training-config.js";
import type { AdviceRule } from "./advice.js";
import { advise } from "./advise.js";
import { evaluated, healthyRun } from "./run-evidence.fixture.js";
import type { RunEvidence } from "./run-evidence.js";

const config = (input: Partial<TrainingConfigInput> = {}) =>
  completeTrainingConfig({ architecture: "resnet50", batchSize: 16, epochs: 6, learningRate: 1e-4, ...input });

/** Val loss turns after the third epoch and val accuracy falls. */
const overfitting = [
  evaluated(1, [0.7, 0.9], [0.68, 0.95]),
  evaluated(2, [0.85, 0.5], [0.8, 0.6]),
  evaluated(3, [0.92, 0.3], [0.84, 0.5]),
  evaluated(4, [0.97, 0.15], [0.83, 0.6]),
  evaluated(5, [0.99, 0.06], [0.81, 0.7]),
  evaluated(6, [1, 0.02], [0.79, 0.85]),
];

const twoClasses = (val: readonly [number, number], recall: readonly [number, number] = [0.9, 0.9]) =>
  val.map((images, i) => ({ name: i === 0 ? "cat" : "dog", train: images * 4, val: images, recall: recall[i]! }));

type Case = [rule: AdviceRule, why: string, evidence: RunEvidence, actions: string[]];

const cases: Case[] = [
  [
    "OVERFITTING",
    "val loss turned",
    healthyRun({ config: config(), evaluations: overfitting }),
    [
      "smallerNetwork",
      "augmentation",
      "fewerEpochs",
      "earlyStopping",
      "lowerRate",
      "weightDecay",
      "mixup",
      "labelSmoothing",
      "gradual",
      "moreImages",
    ],
  ],
  [
    "OVERCONFIDENT",
    "confidence far from accuracy",
    healthyRun({
      evaluations: [
        evaluated(1, [0.7, 0.9], [0.68, 0.95]),
        evaluated(2, [0.85, 0.5], [0.83, 0.55]),
        evaluated(3, [0.9, 0.35], [0.885, 0.4], { valCalibrationError: 0.15 }),
      ],
    }),
    ["temperature", "labelSmoothing"],
  ],
  [
    "OUT_OF_MEMORY",
    "memory ran out",
    healthyRun({ status: "FAILED", failure: "OUT_OF_MEMORY", evaluations: [], precisions: ["FP32", "BF16"] }),
    ["accumulate", "smallerBatch", "checkpointing", "smallerImages", "mixedPrecision", "headOnly", "smallerNetwork"],
  ],
  [
    "OUT_OF_MEMORY",
    "memory will be short",
    healthyRun({ status: "RUNNING", memory: { neededBytes: 15e9, availableBytes: 16e9 } }),
    ["accumulate", "smallerBatch", "checkpointing", "smallerImages", "headOnly", "smallerNetwork"],
  ],
  ["DIVERGED", "numbers were not finite", healthyRun({ divergences: 1 }), ["lowerRate"]],
  [
    "DIVERGED",
    "gradients jump and nothing limits them",
    healthyRun({ config: config({ clipNorm: 0, warmupFraction: 0 }), gradientNorm: { median: 1, largest: 50 } }),
    ["lowerRate", "warmup", "clip"],
  ],
  [
    "SLOW_CONVERGENCE",
    "only the largest class is said",
    healthyRun({
      config: config(),
      classes: twoClasses([700, 300]),
      evaluations: [1, 2, 3].map((epoch) => evaluated(epoch, [0.7, 0.6], [0.7, 0.6])),
    }),
    ["higherRate", "moreEpochs", "largerBatch"],
  ],
  [
    "SLOW_CONVERGENCE",
    "the loss is that of a guess",
    healthyRun({
      config: config(),
      evaluations: [1, 2, 3].map((epoch) => evaluated(epoch, [0.2, 2.28], [0.2, 2.29])),
    }),
    ["higherRate", "moreEpochs", "largerBatch"],
  ],
  [
    "SLOW_CONVERGENCE",
    "train accuracy still rises at the end",
    healthyRun({
      config: config({ headLearningRateFactor: 1 }),
      evaluations: [
        evaluated(1, [0.3, 2], [0.29, 2]),
        evaluated(2, [0.42, 1.7], [0.41, 1.7]),
        evaluated(3, [0.55, 1.4], [0.54, 1.4]),
      ],
    }),
    ["higherRate", "headRate", "moreEpochs", "largerBatch"],
  ],
  [
    "UNDERFITTING",
    "train images are not known at the end",
    healthyRun({
      config: config(),
      evaluations: [1, 2, 3].map((epoch) => evaluated(epoch, [0.7, 0.9], [0.69, 0.9])),
    }),
    ["moreEpochs", "higherRate", "lessAugmentation"],
  ],
  [
    "BATCH_NORM_MISMATCH",
    "evaluation is far worse than training",
    healthyRun({
      config: config({ batchSize: 32 }),
      evaluations: [
        evaluated(1, [0.7, 0.9], [0.68, 0.95]),
        evaluated(2, [0.71, 0.9], [0.69, 0.95]),
        evaluated(3, [0.72, 0.9], [0.7, 0.9], { trainRunningAccuracy: 0.9 }),
      ],
    }),
    ["freezeBatchNorm", "largerBatch"],
  ],
  [
    "DOUBTFUL_LABELS",
    "the same image lies in two classes",
    healthyRun({ labels: { conflicts: 4, sureMistakes: 0, scored: 1_000 } }),
    ["reviewMistakes"],
  ],
  [
    "DOUBTFUL_LABELS",
    "many val images are surely taken for another class",
    healthyRun({ labels: { conflicts: 0, sureMistakes: 12, scored: 1_000 } }),
    ["reviewMistakes"],
  ],
  [
    "WEAK_CLASSES",
    "one class is hardly recognised",
    healthyRun({ classes: twoClasses([900, 100], [0.97, 0.1]) }),
    ["classWeighting", "reviewLabels"],
  ],
  ["SLOW_LOADING", "the device waits", healthyRun({ loaderWaitShare: 0.5 }), ["fasterDisk"]],
  [
    "MARGINAL_GAIN",
    "the smaller network is as good",
    healthyRun({
      config: config({ epochs: 4 }),
      smallerNetwork: {
        name: "ResNet-18",
        test: { estimate: 0.004, low: -0.01, high: 0.018, pValue: 0.6, examples: 4_000 },
        timeRatio: 2.4,
      },
    }),
    ["keepSmaller", "moreEpochs", "higherRate"],
  ],
  [
    "FEW_IMAGES",
    "a class has a dozen images",
    healthyRun({ status: "QUEUED", evaluations: [], trainImages: 120 }),
    ["moreImages", "smallerNetwork", "augmentation", "headFirst"],
  ],
];

describe("advise", () => {
  it("has nothing to say of a run in which nothing stands out", () => {
    expect(advise(healthyRun())).toEqual([]);
  });

  it.each(cases)("finds %s where %s", (rule, _, evidence, actions) => {
    const advice = advise(evidence).find((one) => one.rule === rule);
    expect(advice?.actions.map(({ id }) => id)).toEqual(actions);
    expect(advice?.finding.text).not.toContain("–");
  });

  it("only ever proposes settings that can be trained, whatever network they are for", () => {
    for (const architecture of architectureIds) {
      for (const [, , evidence] of cases) {
        const bold = withArchitecture(evidence, architecture);
        for (const { actions } of advise(bold)) {
          for (const { patch, id } of actions) {
            if (patch === null) continue;
            expect(validateTrainingConfig({ ...bold.config!, ...patch }), `${architecture} ${id}`).toEqual([]);
          }
        }
      }
    }
  });

  it("says the price of an action in multiples of the run and in its seconds", () => {
    const actions = advise(healthyRun({ config: config(), evaluations: overfitting }))[0]!.actions;
    const costs = new Map(actions.map(({ id, costFactor, costSeconds }) => [id, [costFactor, costSeconds]]));
    expect(costs.get("fewerEpochs")).toEqual([0.5, 150]);
    expect(costs.get("smallerNetwork")![0]).toBeLessThan(0.5);
    expect(costs.get("moreImages")).toEqual([null, null]);
  });

  it("tells a script's run what stands out, without settings to start it with", () => {
    const advice = advise(healthyRun({ config: null, evaluations: overfitting }));
    expect(advice.map(({ rule }) => rule)).toEqual(["OVERFITTING"]);
    expect(advice[0]!.actions.every(({ patch }) => patch === null)).toBe(true);
  });

  it("puts what ends a run before what only slows it", () => {
    const evidence = healthyRun({ divergences: 2, loaderWaitShare: 0.5, trainImages: 100 });
    expect(advise(evidence).map(({ rule }) => rule)).toEqual(["DIVERGED", "SLOW_LOADING", "FEW_IMAGES"]);
  });

  it("leaves a named checkpoint of the larger network behind", () => {
    const named = config({ initialWeights: "timm/resnet50.a1_in1k" });
    const [overfits] = advise(healthyRun({ config: named, evaluations: overfitting }));
    expect(overfits!.actions[0]!.patch).toMatchObject({ architecture: "resnet18", initialWeights: "AUTO" });
  });

  it("says nothing of a run without evaluations, with two val images, or with numbers that are none", () => {
    expect(advise(healthyRun({ evaluations: [] }))).toEqual([]);
    const tiny = [1, 2, 3].map((epoch) => ({
      ...evaluated(epoch, [0.9, 0.3], [0.5, 0.9]),
      val: { examples: 2, correct: 1, meanLoss: 0.9 },
    }));
    expect(advise(healthyRun({ evaluations: tiny }))).toEqual([]);
    const lost = [1, 2, 3].map((epoch) => evaluated(epoch, [0.1, Number.NaN], [0.1, Number.NaN]));
    expect(advise(healthyRun({ evaluations: lost })).map(({ rule }) => rule)).toEqual(["DIVERGED"]);
  });
});

function withArchitecture(evidence: RunEvidence, architecture: ArchitectureId): RunEvidence {
  return { ...evidence, config: completeTrainingConfig({ architecture, batchSize: 4, epochs: 4, learningRate: 5e-5 }) };
}
