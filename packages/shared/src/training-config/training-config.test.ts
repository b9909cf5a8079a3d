import { describe, expect, it } from "vitest";
import { architectureIds } from "./architecture-id.js";
import { completeTrainingConfig, storedTrainingConfig, withRandomWeights } from "./complete-training-config.js";
import { trainingBounds } from "./training-bounds.js";
import type { TrainingConfigInput } from "./training-config.js";
import { validateTrainingConfig } from "./validate-training-config.js";

const fine: TrainingConfigInput = { architecture: "resnet101", batchSize: 4, epochs: 5, learningRate: 5e-5 };

describe("the bounds", () => {
  it("are the guide's for ResNet-101", () => {
    expect(trainingBounds("resnet101")).toEqual({
      batchSize: { min: 2, max: 32, default: 4, multipleOf: 1 },
      epochs: { min: 1, max: 20, default: 1, multipleOf: 1 },
      learningRate: { min: 1e-5, max: 1e-4, default: 5e-5 },
      evalEvery: { min: 1, max: 20, default: 1, multipleOf: 1 },
      imageSize: { min: 32, max: 512, default: 224, multipleOf: 32 },
      minimumImages: 2_000,
      optimalImages: 5_000,
      minimumGpuGigabytes: 10,
    });
  });

  it.each(architectureIds)("of %s accept their own defaults, least and most", (architecture) => {
    const { batchSize, epochs, learningRate, evalEvery, imageSize } = trainingBounds(architecture);
    for (const pick of ["default", "min", "max"] as const) {
      const config = {
        architecture,
        batchSize: batchSize[pick],
        epochs: epochs[pick],
        learningRate: learningRate[pick],
        evalEvery: evalEvery[pick],
        imageSize: imageSize[pick],
      };
      expect(validateTrainingConfig(config)).toEqual([]);
    }
  });
});

describe("validateTrainingConfig", () => {
  it.each<[Partial<Record<keyof TrainingConfigInput, unknown>>, string, number | null, number | null, RegExp]>([
    [{ architecture: "alexnet" }, "architecture", null, null, /resnet18, resnet34/],
    [{ batchSize: 1 }, "batchSize", 2, 32, /below 2.*2 to 32/],
    [{ batchSize: 64 }, "batchSize", 2, 32, /above 32.*activations/],
    [{ batchSize: 2.5 }, "batchSize", 2, 32, /whole number from 2 to 32/],
    [{ batchSize: undefined }, "batchSize", 2, 32, /undefined is not/],
    [{ epochs: 0 }, "epochs", 1, 20, /at least 1/],
    [{ epochs: 21 }, "epochs", 1, 20, /1 to 20/],
    [{ learningRate: 1e-3 }, "learningRate", 1e-5, 1e-4, /1e-3 is above 1e-4/],
    [{ learningRate: 1e-6 }, "learningRate", 1e-5, 1e-4, /1e-6 is below 1e-5/],
    [{ learningRate: Number.NaN }, "learningRate", 1e-5, 1e-4, /NaN is not/],
    [{ learningRate: Infinity }, "learningRate", 1e-5, 1e-4, /above/],
    [{ learningRate: "5e-5" }, "learningRate", 1e-5, 1e-4, /must be a number/],
    [{ evalEvery: 6 }, "evalEvery", 1, 5, /1 to 5/],
    [{ imageSize: 16 }, "imageSize", 32, 512, /below 32/],
    [{ imageSize: 1024 }, "imageSize", 32, 512, /above 512/],
    [{ imageSize: 100 }, "imageSize", 32, 512, /multiple of 32.*96 px/],
    [{ optimizer: "LION" }, "optimizer", null, null, /SGD, ADAMW/],
    [{ weightDecay: -0.1 }, "weightDecay", 0, 1, /from 0 to 1/],
    [{ warmupFraction: 0.9 }, "warmupFraction", 0, 0.5, /0 to 0.5/],
    [{ augmentation: "MAX" }, "augmentation", null, null, /NONE, LIGHT/],
    [{ labelSmoothing: 0.6 }, "labelSmoothing", 0, 0.5, /0 to 0.5/],
    [{ freezeBatchNorm: "yes" }, "freezeBatchNorm", null, null, /true or false/],
    [{ trainImages: 1 }, "trainImages", 2, 2 ** 31 - 1, /at least 2/],
    [{ schedule: "EXP" }, "schedule", null, null, /COSINE, CONSTANT, STEP/],
    [{ headLearningRateFactor: 0 }, "headLearningRateFactor", 0.1, 100, /from 0.1 to 100/],
    [{ layerDecay: 1.1 }, "layerDecay", 0.3, 1, /from 0.3 to 1/],
    [{ clipNorm: -1 }, "clipNorm", 0, 1000, /from 0/],
    [{ emaDecay: 1 }, "emaDecay", 0, 0.99999, /from 0/],
    [{ freeze: "SOME" }, "freeze", null, null, /HEAD_ONLY/],
    [{ mixup: 3 }, "mixup", 0, 2, /from 0 to 2/],
    [{ cutmix: "1" }, "cutmix", 0, 2, /must be a number/],
    [{ classWeighting: "SQRT" }, "classWeighting", null, null, /BALANCED/],
    [{ microBatches: 3 }, "microBatches", null, null, /4 images cannot be cut into 3/],
    [{ gradientCheckpointing: 1 }, "gradientCheckpointing", null, null, /true or false/],
    [{ precision: "FP16" }, "precision", null, null, /FP32, TF32, BF16/],
    [{ evalUnit: "STEP", evalEvery: 0 }, "evalEvery", 1, 1_000_000, /from 1/],
    [{ earlyStopping: -1 }, "earlyStopping", 0, 1_000, /from 0/],
    [{ initialWeights: " " }, "initialWeights", null, null, /no source of weights/],
    [{ beyondGuide: "yes" }, "beyondGuide", null, null, /true or false/],
    [{ beyondGuide: true, learningRate: 2 }, "learningRate", 1e-8, 1, /above 1/],
    [{ seed: 0.5 }, "seed", 0, 2 ** 31 - 1, /whole number/],
  ])("answers %j with the range and the reason", (change, field, min, max, text) => {
    const problems = validateTrainingConfig({ ...fine, ...change } as TrainingConfigInput);
    expect(problems).toEqual([expect.objectContaining({ field, min, max })]);
    expect(problems[0]!.message.text).toMatch(text);
    expect(problems[0]!.message.text).not.toMatch(/[{}]/);
  });

  it("lets a person leave the guide's ranges when they say so", () => {
    const bold = { ...fine, batchSize: 256, epochs: 100, learningRate: 0.01 };
    expect(validateTrainingConfig(bold).map(({ field }) => field)).toEqual(["batchSize", "epochs", "learningRate"]);
    expect(validateTrainingConfig({ ...bold, beyondGuide: true })).toEqual([]);
  });

  it("names every problem at once, in the order of the fields", () => {
    const problems = validateTrainingConfig({ ...fine, batchSize: 99, learningRate: 1, imageSize: 33 });
    expect(problems.map((problem) => problem.field)).toEqual(["batchSize", "learningRate", "imageSize"]);
  });

  it("accepts null for what has a default, and 48 px for a ViT but not for a ResNet", () => {
    expect(
      validateTrainingConfig({ ...fine, imageSize: null, optimizer: null, seed: null, trainImages: null }),
    ).toEqual([]);
    expect(validateTrainingConfig({ ...fine, architecture: "vit_base_patch16_224", imageSize: 48 })).toEqual([]);
    expect(validateTrainingConfig({ ...fine, imageSize: 48 })).toHaveLength(1);
  });
});

describe("completeTrainingConfig", () => {
  it("fills every field, and a completed config stays as it is", () => {
    const complete = completeTrainingConfig(fine);
    expect(complete).toEqual({
      ...fine,
      evalEvery: 1,
      evalUnit: "EPOCH",
      imageSize: 224,
      initialWeights: "AUTO",
      beyondGuide: false,
      optimizer: "ADAMW",
      weightDecay: 0.01,
      schedule: "COSINE",
      warmupFraction: 0.1,
      headLearningRateFactor: 10,
      layerDecay: 1,
      clipNorm: 1,
      emaDecay: 0,
      freeze: "NONE",
      augmentation: "STANDARD",
      mixup: 0,
      cutmix: 0,
      labelSmoothing: 0,
      classWeighting: "NONE",
      freezeBatchNorm: true,
      microBatches: 1,
      gradientCheckpointing: false,
      precision: "FP32",
      earlyStopping: 0,
      trainImages: null,
      seed: 0,
    });
    expect(completeTrainingConfig(complete)).toEqual(complete);
    expect(validateTrainingConfig(complete)).toEqual([]);
  });

  it("keeps pre-trained batch statistics below 16 images a batch, and only those", () => {
    const frozen = (change: Partial<TrainingConfigInput>) =>
      completeTrainingConfig({ ...fine, ...change }).freezeBatchNorm;
    expect(frozen({ batchSize: 15 })).toBe(true);
    expect(frozen({ batchSize: 16 })).toBe(false);
    expect(frozen({ batchSize: 32, microBatches: 4 })).toBe(true);
    expect(frozen({ batchSize: 4, initialWeights: "RANDOM" })).toBe(false);
    expect(frozen({ batchSize: 4, initialWeights: "RANDOM", freezeBatchNorm: true })).toBe(true);
    expect(frozen({ batchSize: 4, freezeBatchNorm: false })).toBe(false);
    expect(frozen({ batchSize: 4, architecture: "vit_base_patch16_224", freezeBatchNorm: true })).toBe(false);
  });

  it("lets pre-trained features learn slower than a new head, and random ones not", () => {
    const rates = (change: Partial<TrainingConfigInput>) => {
      const { headLearningRateFactor, layerDecay } = completeTrainingConfig({ ...fine, ...change });
      return [headLearningRateFactor, layerDecay];
    };
    expect(rates({})).toEqual([10, 1]);
    expect(rates({ architecture: "vit_base_patch16_224" })).toEqual([10, 0.75]);
    expect(rates({ architecture: "vit_base_patch16_224", initialWeights: "RANDOM" })).toEqual([1, 1]);
  });

  it("freezes nothing once the run turned out to begin with random weights", () => {
    for (const architecture of ["vit_base_patch16_224", "resnet101"] as const) {
      const input = { ...fine, architecture, freeze: "GRADUAL" } as const;
      const fallback = withRandomWeights(completeTrainingConfig(input));
      expect(fallback).toEqual(completeTrainingConfig({ ...input, freeze: "NONE", initialWeights: "RANDOM" }));
    }
  });

  it("reads a config that was stored before there was a choice of weights as random", () => {
    expect(storedTrainingConfig(fine).initialWeights).toBe("RANDOM");
    expect(storedTrainingConfig({ ...fine, initialWeights: "AUTO" }).initialWeights).toBe("AUTO");
  });

  it("chooses weight decay by optimizer and family, and keeps a 0 that was asked for", () => {
    const decay = (change: Partial<TrainingConfigInput>) => completeTrainingConfig({ ...fine, ...change }).weightDecay;
    expect(decay({ architecture: "vit_large_patch16_224" })).toBe(0.05);
    expect(decay({ optimizer: "SGD" })).toBe(1e-4);
    expect(decay({ architecture: "vit_base_patch16_224", optimizer: "SGD" })).toBe(0);
    expect(decay({ weightDecay: 0 })).toBe(0);
  });
});
