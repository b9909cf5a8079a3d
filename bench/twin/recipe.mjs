import { completeTrainingConfig } from "@residual/shared";

/** Beyond the guide, which has no image as small as these: 28 × 28 pixels. */
export const recipe = completeTrainingConfig({
  architecture: "resnet18",
  batchSize: 32,
  epochs: 15,
  learningRate: 1e-3,
  imageSize: 32,
  initialWeights: "RANDOM",
  beyondGuide: true,
  optimizer: "ADAMW",
  weightDecay: 0.01,
  augmentation: "LIGHT",
  labelSmoothing: 0.1,
});
