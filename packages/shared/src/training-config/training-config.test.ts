import { describe, expect, it } from "vitest";
import { architectureIds } from "./architecture-id.js";
import { completeTrainingConfig } from "./complete-training-config.js";
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
    [{ architecture: "resnet34" }, "architecture", null, null, /resnet18, resnet50/],
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
    [{ seed: 0.5 }, "seed", 0, 2 ** 31 - 1, /whole number/],
  ])("answers %j with the range and the reason", (change, field, min, max, text) => {
    const problems = validateTrainingConfig({ ...fine, ...change } as TrainingConfigInput);
    expect(problems).toEqual([expect.objectContaining({ field, min, max })]);
    expect(problems[0]!.message.text).toMatch(text);
    expect(problems[0]!.message.text).not.toMatch(/[{}]/);
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
      imageSize: 224,
      optimizer: "ADAMW",
      weightDecay: 0.01,
      warmupFraction: 0.1,
      augmentation: "STANDARD",
      labelSmoothing: 0,
      freezeBatchNorm: false,
      trainImages: null,
      seed: 0,
    });
    expect(completeTrainingConfig(complete, "PRETRAINED")).toEqual(complete);
    expect(validateTrainingConfig(complete)).toEqual([]);
  });

  it("keeps pre-trained batch statistics below 16 images a batch, and only those", () => {
    const frozen = (change: Partial<TrainingConfigInput>, start?: "PRETRAINED") =>
      completeTrainingConfig({ ...fine, ...change }, start).freezeBatchNorm;
    expect(frozen({ batchSize: 15 }, "PRETRAINED")).toBe(true);
    expect(frozen({ batchSize: 16 }, "PRETRAINED")).toBe(false);
    expect(frozen({ batchSize: 4 })).toBe(false);
    expect(frozen({ batchSize: 4, freezeBatchNorm: true })).toBe(true);
    expect(frozen({ batchSize: 4, freezeBatchNorm: false }, "PRETRAINED")).toBe(false);
    expect(frozen({ batchSize: 4, architecture: "vit_base_patch16_224", freezeBatchNorm: true }, "PRETRAINED")).toBe(
      false,
    );
  });

  it("chooses weight decay by optimizer and family, and keeps a 0 that was asked for", () => {
    const decay = (change: Partial<TrainingConfigInput>) => completeTrainingConfig({ ...fine, ...change }).weightDecay;
    expect(decay({ architecture: "vit_large_patch16_224" })).toBe(0.05);
    expect(decay({ optimizer: "SGD" })).toBe(1e-4);
    expect(decay({ architecture: "vit_base_patch16_224", optimizer: "SGD" })).toBe(0);
    expect(decay({ weightDecay: 0 })).toBe(0);
  });
});
