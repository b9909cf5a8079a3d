import type { ArchitectureId } from "./architecture-id.js";

export const optimizers = ["SGD", "ADAMW"] as const;
export type Optimizer = (typeof optimizers)[number];

/** From none to strongest. */
export const augmentations = ["NONE", "LIGHT", "STANDARD", "HEAVY"] as const;
export type Augmentation = (typeof augmentations)[number];

/** How the learning rate goes on after the warm-up. STEP divides it by 10 after 30, 60 and 90 % of the steps. */
export const schedules = ["COSINE", "CONSTANT", "STEP"] as const;
export type Schedule = (typeof schedules)[number];

/** What is trained: everything; the head alone; or the head, then the last stage too, then everything, a third of the epochs each. */
export const freezePolicies = ["NONE", "HEAD_ONLY", "GRADUAL"] as const;
export type FreezePolicy = (typeof freezePolicies)[number];

/** BALANCED weighs every class by its inverse frequency, to a mean of 1 over the images. */
export const classWeightings = ["NONE", "BALANCED"] as const;
export type ClassWeighting = (typeof classWeightings)[number];

export const precisions = ["FP32", "TF32", "BF16"] as const;
export type Precision = (typeof precisions)[number];

export const evalUnits = ["EPOCH", "STEP"] as const;
export type EvalUnit = (typeof evalUnits)[number];

/** The hyperparameters of a run, complete and frozen at its start. The JSON in `Run.config` of a run that was trained here. */
export type TrainingConfig = {
  architecture: ArchitectureId;
  /** Images of one step. */
  batchSize: number;
  epochs: number;
  /** Peak of the schedule (warm-up, then cosine). */
  learningRate: number;
  /** Epochs or steps between evaluations; the end of a run is always evaluated. */
  evalEvery: number;
  evalUnit: EvalUnit;
  /** Width and height in pixels. */
  imageSize: number;
  /**
   * AUTO: the architecture's own public checkpoint where it is found, else random weights. RANDOM insists on these. Anything else names a
   * checkpoint: a name on the Hub, a file or a folder.
   */
  initialWeights: string;
  /** Ranges are what the software can do, not what the guide recommends. */
  beyondGuide: boolean;
  optimizer: Optimizer;
  weightDecay: number;
  schedule: Schedule;
  /** Part of all steps during which the learning rate rises from 0. */
  warmupFraction: number;
  /** Learning rate of the head in multiples of the others'. */
  headLearningRateFactor: number;
  /** Factor of the learning rate from one layer to the one below; 1 = all learn alike. */
  layerDecay: number;
  /** Joint norm above which gradients are scaled down; 0 = never. */
  clipNorm: number;
  /** Decay of the averaged weights that are evaluated and exported; 0 = none are kept. */
  emaDecay: number;
  freeze: FreezePolicy;
  augmentation: Augmentation;
  /** α of the Beta distribution that two images are mixed by; 0 = off. */
  mixup: number;
  /** α of the Beta distribution of the area that another image takes; 0 = off. */
  cutmix: number;
  labelSmoothing: number;
  classWeighting: ClassWeighting;
  /** Batch normalization uses its running statistics in training too; its scale and shift still learn. */
  freezeBatchNorm: boolean;
  /** Equal parts of a batch whose gradients are added up before an update: as many times less memory for activations. */
  microBatches: number;
  /** Activations inside a block are computed again in the backward pass instead of kept. */
  gradientCheckpointing: boolean;
  precision: Precision;
  /** Evaluations without a better val loss after which the run ends; 0 = never. */
  earlyStopping: number;
  /** How many images of the train split are used, stratified; null = all. */
  trainImages: number | null;
  seed: number;
};

type Required = "architecture" | "batchSize" | "epochs" | "learningRate";

/** What a person must say, and what they may (TrainingConfigInput of the API). */
export type TrainingConfigInput = Pick<TrainingConfig, Required> & {
  [Field in Exclude<keyof TrainingConfig, Required>]?: TrainingConfig[Field] | null;
};
