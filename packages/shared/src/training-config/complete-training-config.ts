import { type ArchitectureId, architectureFamily } from "./architecture-id.js";
import { trainingBounds } from "./training-bounds.js";
import type { Optimizer, TrainingConfig, TrainingConfigInput } from "./training-config.js";

/** Whether the network starts from weights that were trained elsewhere or from random ones. */
export type StartingWeights = "PRETRAINED" | "RANDOM";

/**
 * The config with every default filled in. Call it on a config that validateTrainingConfig accepts.
 * Batch statistics of fewer than 16 images mislead a ResNet (ResNet-50 on ImageNet, error at 32/16/8/4/2 images: 23.6, 23.7, 24.8, 27.3,
 * 34.7 %; Wu & He 2018), so below that the running statistics of pre-trained weights are kept. Random weights have none worth keeping:
 * to freeze them would be to train without normalization.
 */
export function completeTrainingConfig(input: TrainingConfigInput, start: StartingWeights = "RANDOM"): TrainingConfig {
  const { architecture, batchSize, epochs, learningRate } = input;
  const optimizer = input.optimizer ?? "ADAMW";
  const isResNet = architectureFamily(architecture) === "RESNET";
  return {
    architecture,
    batchSize,
    epochs,
    learningRate,
    evalEvery: input.evalEvery ?? 1,
    imageSize: input.imageSize ?? trainingBounds(architecture).imageSize.default,
    optimizer,
    weightDecay: input.weightDecay ?? defaultWeightDecay(architecture, optimizer),
    warmupFraction: input.warmupFraction ?? 0.1,
    augmentation: input.augmentation ?? "STANDARD",
    labelSmoothing: input.labelSmoothing ?? 0,
    // A ViT has no batch normalization: nothing to freeze, whatever was asked.
    freezeBatchNorm: isResNet && (input.freezeBatchNorm ?? (start === "PRETRAINED" && batchSize < 16)),
    trainImages: input.trainImages ?? null,
    seed: input.seed ?? 0,
  };
}

/** AdamW: 0.05 for ViT (MAE, timm recipes), 0.01 for ResNet; SGD: 1e-4 for ResNet (He 2016), none for ViT (Dosovitskiy 2021, B.1.1). */
export function defaultWeightDecay(architecture: ArchitectureId, optimizer: Optimizer): number {
  const isResNet = architectureFamily(architecture) === "RESNET";
  if (optimizer === "ADAMW") return isResNet ? 0.01 : 0.05;
  return isResNet ? 1e-4 : 0;
}
