import { type ArchitectureId, architectureFamily } from "./architecture-id.js";

export type IntBound = { min: number; max: number; default: number; multipleOf: number };
export type FloatBound = { min: number; max: number; default: number };

/** What the guide allows for an architecture, and what it asks for (images, memory of the GPU in GB). */
export type TrainingBounds = {
  batchSize: IntBound;
  epochs: IntBound;
  learningRate: FloatBound;
  evalEvery: IntBound;
  imageSize: IntBound;
  minimumImages: number;
  optimalImages: number;
  minimumGpuGigabytes: number;
};

/** Bounds of the fields that do not depend on the architecture. Whole numbers fit into GraphQL's Int. */
export const commonBounds = {
  weightDecay: { min: 0, max: 1 },
  warmupFraction: { min: 0, max: 0.5 },
  headLearningRateFactor: { min: 0.1, max: 100 },
  layerDecay: { min: 0.3, max: 1 },
  clipNorm: { min: 0, max: 1_000 },
  emaDecay: { min: 0, max: 0.99999 },
  mixup: { min: 0, max: 2 },
  cutmix: { min: 0, max: 2 },
  microBatches: { min: 1, max: 256 },
  earlyStopping: { min: 0, max: 1_000 },
  /** In steps; in epochs a run's own length is the bound. */
  evalEvery: { min: 1, max: 1_000_000 },
  labelSmoothing: { min: 0, max: 0.5 },
  trainImages: { min: 2, max: 2 ** 31 - 1 },
  seed: { min: 0, max: 2 ** 31 - 1 },
} as const;

/** What the software can do where a person says that they want to leave the guide's ranges. */
const widest = {
  batchSize: { min: 1, max: 4096 },
  epochs: { min: 1, max: 1_000 },
  learningRate: { min: 1e-8, max: 1 },
} as const;

type Range = readonly [default_: number, min: number, max: number];

// ResNet-101's row is the guide's. The guide's sibling pages give no ranges; their rows are this project's, scaled from it by
// memory and by published fine-tuning recipes, with the guide's own defaults (1 epoch, 5e-5).
const rows: Record<
  ArchitectureId,
  { batchSize: Range; epochs: Range; learningRate: Range; images: readonly [number, number]; gpu: number }
> = {
  resnet18: {
    batchSize: [16, 2, 128],
    epochs: [1, 1, 30],
    learningRate: [5e-5, 1e-5, 1e-3],
    images: [100, 1_000],
    gpu: 4,
  },
  resnet34: {
    batchSize: [16, 2, 128],
    epochs: [1, 1, 30],
    learningRate: [5e-5, 1e-5, 1e-3],
    images: [300, 1_000],
    gpu: 4,
  },
  resnet50: {
    batchSize: [8, 2, 64],
    epochs: [1, 1, 30],
    learningRate: [5e-5, 1e-5, 5e-4],
    images: [500, 1_000],
    gpu: 6,
  },
  resnet101: {
    batchSize: [4, 2, 32],
    epochs: [1, 1, 20],
    learningRate: [5e-5, 1e-5, 1e-4],
    images: [2_000, 5_000],
    gpu: 10,
  },
  resnet152: {
    batchSize: [4, 2, 32],
    epochs: [1, 1, 20],
    learningRate: [5e-5, 1e-5, 1e-4],
    images: [3_000, 10_000],
    gpu: 12,
  },
  vit_tiny_patch16_224: {
    batchSize: [16, 2, 128],
    epochs: [1, 1, 30],
    learningRate: [5e-5, 1e-5, 5e-4],
    images: [500, 5_000],
    gpu: 4,
  },
  vit_small_patch16_224: {
    batchSize: [8, 2, 128],
    epochs: [1, 1, 30],
    learningRate: [5e-5, 1e-5, 2e-4],
    images: [500, 10_000],
    gpu: 6,
  },
  vit_base_patch16_224: {
    batchSize: [8, 2, 64],
    epochs: [1, 1, 20],
    learningRate: [5e-5, 1e-5, 1e-4],
    images: [1_000, 10_000],
    gpu: 12,
  },
  vit_large_patch16_224: {
    batchSize: [4, 1, 32],
    epochs: [1, 1, 15],
    learningRate: [5e-5, 5e-6, 5e-5],
    images: [10_000, 50_000],
    gpu: 16,
  },
};

/** @param beyondGuide the ranges of what can be trained at all; the defaults stay */
export function trainingBounds(architecture: ArchitectureId, beyondGuide = false): TrainingBounds {
  const row = rows[architecture];
  const [learningRate, minLearningRate, maxLearningRate] = row.learningRate;
  const wide = beyondGuide ? widest : undefined;
  return {
    batchSize: { ...intBound(row.batchSize), ...wide?.batchSize },
    epochs: { ...intBound(row.epochs), ...wide?.epochs },
    learningRate: { min: minLearningRate, max: maxLearningRate, default: learningRate, ...wide?.learningRate },
    evalEvery: intBound([1, 1, row.epochs[2]]),
    // A ResNet halves its image five times; a ViT cuts it into patches of 16 × 16.
    imageSize: intBound([224, 32, 512], architectureFamily(architecture) === "RESNET" ? 32 : 16),
    minimumImages: row.images[0],
    optimalImages: row.images[1],
    minimumGpuGigabytes: row.gpu,
  };
}

function intBound([default_, min, max]: Range, multipleOf = 1): IntBound {
  return { min, max, default: default_, multipleOf };
}
