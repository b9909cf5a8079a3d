import type { ArchitectureId } from "./architecture-id.js";

export const optimizers = ["SGD", "ADAMW"] as const;
export type Optimizer = (typeof optimizers)[number];

/** From none to strongest. */
export const augmentations = ["NONE", "LIGHT", "STANDARD", "HEAVY"] as const;
export type Augmentation = (typeof augmentations)[number];

/** The hyperparameters of a run, complete and frozen at its start. The JSON in `Run.config` of a run that was trained here. */
export type TrainingConfig = {
  architecture: ArchitectureId;
  /** Images of one step. */
  batchSize: number;
  epochs: number;
  /** Peak of the schedule (warm-up, then cosine). */
  learningRate: number;
  /** Epochs between evaluations; the last epoch is always evaluated. */
  evalEvery: number;
  /** Width and height in pixels. */
  imageSize: number;
  optimizer: Optimizer;
  weightDecay: number;
  /** Part of all steps during which the learning rate rises from 0. */
  warmupFraction: number;
  augmentation: Augmentation;
  labelSmoothing: number;
  /** Batch normalization uses its running statistics in training too; its scale and shift still learn. */
  freezeBatchNorm: boolean;
  /** How many images of the train split are used, stratified; null = all. */
  trainImages: number | null;
  seed: number;
};

type Required = "architecture" | "batchSize" | "epochs" | "learningRate";

/** What a person must say, and what they may (TrainingConfigInput of the API). */
export type TrainingConfigInput = Pick<TrainingConfig, Required> & {
  [Field in Exclude<keyof TrainingConfig, Required>]?: TrainingConfig[Field] | null;
};
