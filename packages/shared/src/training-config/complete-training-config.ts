import { type ArchitectureId, architectureFamily } from "./architecture-id.js";
import { trainingBounds } from "./training-bounds.js";
import type { Optimizer, TrainingConfig, TrainingConfigInput } from "./training-config.js";

/**
 * The config with every default filled in. Call it on a config that validateTrainingConfig accepts.
 * Batch statistics of fewer than 16 images mislead a ResNet (ResNet-50 on ImageNet, error at 32/16/8/4/2 images: 23.6, 23.7, 24.8, 27.3,
 * 34.7 %; Wu & He 2018), so below that the running statistics of pre-trained weights are kept. Random weights have none worth keeping:
 * to freeze them would be to train without normalization.
 */
export function completeTrainingConfig(input: TrainingConfigInput): TrainingConfig {
  const { architecture, batchSize, epochs, learningRate } = input;
  const optimizer = input.optimizer ?? "ADAMW";
  const isResNet = architectureFamily(architecture) === "RESNET";
  const initialWeights = input.initialWeights ?? "AUTO";
  const isPretrained = initialWeights !== "RANDOM";
  const microBatches = input.microBatches ?? 1;
  const microBatchSize = batchSize / microBatches;
  return {
    architecture,
    batchSize,
    epochs,
    learningRate,
    evalEvery: input.evalEvery ?? 1,
    evalUnit: input.evalUnit ?? "EPOCH",
    imageSize: input.imageSize ?? trainingBounds(architecture).imageSize.default,
    initialWeights,
    beyondGuide: input.beyondGuide ?? false,
    optimizer,
    weightDecay: input.weightDecay ?? defaultWeightDecay(architecture, optimizer),
    schedule: input.schedule ?? "COSINE",
    warmupFraction: input.warmupFraction ?? 0.1,
    headLearningRateFactor: input.headLearningRateFactor ?? (isPretrained ? 10 : 1),
    layerDecay: input.layerDecay ?? (isPretrained && !isResNet ? 0.75 : 1),
    clipNorm: input.clipNorm ?? 1,
    emaDecay: input.emaDecay ?? 0,
    freeze: input.freeze ?? "NONE",
    augmentation: input.augmentation ?? "STANDARD",
    mixup: input.mixup ?? 0,
    cutmix: input.cutmix ?? 0,
    labelSmoothing: input.labelSmoothing ?? 0,
    classWeighting: input.classWeighting ?? "NONE",
    // A ViT has no batch normalization: nothing to freeze, whatever was asked.
    freezeBatchNorm: isResNet && (input.freezeBatchNorm ?? (isPretrained && microBatchSize < 16)),
    microBatches,
    gradientCheckpointing: input.gradientCheckpointing ?? false,
    precision: input.precision ?? "FP32",
    earlyStopping: input.earlyStopping ?? 0,
    trainImages: input.trainImages ?? null,
    seed: input.seed ?? 0,
  };
}

/** The config of a run as it was stored. Runs from before there was a choice began with random weights. */
export function storedTrainingConfig(stored: TrainingConfigInput): TrainingConfig {
  return completeTrainingConfig({ initialWeights: "RANDOM", ...stored });
}

/**
 * The config of a run whose checkpoint was not found (initialWeights AUTO): what only makes sense for trained weights is undone. A frozen
 * random layer would stay random, and a head that learns ten times faster than features that are still noise learns the noise.
 */
export function withRandomWeights(config: TrainingConfig): TrainingConfig {
  return {
    ...config,
    initialWeights: "RANDOM",
    freezeBatchNorm: false,
    freeze: "NONE",
    headLearningRateFactor: 1,
    layerDecay: 1,
  };
}

/** AdamW: 0.05 for ViT (MAE, timm recipes), 0.01 for ResNet; SGD: 1e-4 for ResNet (He 2016), none for ViT (Dosovitskiy 2021, B.1.1). */
export function defaultWeightDecay(architecture: ArchitectureId, optimizer: Optimizer): number {
  const isResNet = architectureFamily(architecture) === "RESNET";
  if (optimizer === "ADAMW") return isResNet ? 0.01 : 0.05;
  return isResNet ? 1e-4 : 0;
}
