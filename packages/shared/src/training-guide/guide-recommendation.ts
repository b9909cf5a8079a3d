import type { ArchitectureId } from "../training-config/architecture-id.js";
import { trainingBounds } from "../training-config/training-bounds.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import { type DatasetSizeClass, datasetSizeClass, datasetSizeClasses } from "./dataset-size.js";

export type GuideRecommendation = Pick<
  TrainingConfig,
  "batchSize" | "epochs" | "learningRate" | "evalEvery" | "augmentation"
>;

const augmentation = {
  BELOW_MINIMUM: "HEAVY",
  SMALL: "HEAVY",
  MEDIUM: "STANDARD",
  LARGE: "LIGHT",
  VERY_LARGE: "LIGHT",
} as const satisfies Record<DatasetSizeClass, TrainingConfig["augmentation"]>;

type BySize = readonly [belowMinimum: number, small: number, medium: number, large: number, veryLarge: number];

// ResNet-101: the guide's values, of a range its careful end (small 10–15 epochs: 10). For very large datasets it names no numbers; they go on
// from its row for large ones. The others have no rows in the guide: batch and epochs are scaled from it by memory and range; learning
// rates are those of published fine-tunings with AdamW (ResNet 1e-4 … 3e-4, ViT-B 2e-5 … 5e-5, ViT-L 1e-5 … 2e-5).
const rows: Record<ArchitectureId, { batchSize: BySize; epochs: BySize; learningRate: BySize }> = {
  resnet18: {
    batchSize: [16, 16, 32, 64, 64],
    epochs: [10, 15, 10, 5, 3],
    learningRate: [1e-4, 1e-4, 2e-4, 3e-4, 3e-4],
  },
  resnet34: {
    batchSize: [16, 16, 32, 64, 64],
    epochs: [10, 15, 10, 5, 3],
    learningRate: [1e-4, 1e-4, 2e-4, 3e-4, 3e-4],
  },
  resnet50: { batchSize: [16, 16, 32, 32, 64], epochs: [8, 12, 8, 5, 3], learningRate: [1e-4, 1e-4, 2e-4, 3e-4, 3e-4] },
  resnet101: { batchSize: [8, 8, 16, 16, 32], epochs: [8, 10, 5, 3, 2], learningRate: [2e-5, 2e-5, 5e-5, 1e-4, 1e-4] },
  resnet152: { batchSize: [8, 8, 16, 16, 32], epochs: [8, 10, 5, 3, 2], learningRate: [2e-5, 2e-5, 5e-5, 1e-4, 1e-4] },
  vit_tiny_patch16_224: {
    batchSize: [16, 16, 32, 64, 64],
    epochs: [10, 15, 10, 5, 3],
    learningRate: [5e-5, 5e-5, 1e-4, 1e-4, 1e-4],
  },
  vit_small_patch16_224: {
    batchSize: [8, 16, 32, 32, 64],
    epochs: [8, 10, 8, 5, 3],
    learningRate: [5e-5, 5e-5, 1e-4, 1e-4, 1e-4],
  },
  vit_base_patch16_224: {
    batchSize: [8, 8, 16, 32, 32],
    epochs: [8, 10, 5, 3, 2],
    learningRate: [2e-5, 2e-5, 5e-5, 5e-5, 5e-5],
  },
  vit_large_patch16_224: {
    batchSize: [4, 8, 8, 16, 16],
    epochs: [5, 8, 5, 3, 2],
    learningRate: [1e-5, 1e-5, 1e-5, 2e-5, 2e-5],
  },
};

/** What to start with for a dataset of so many images; without a dataset (null) the architecture's defaults. Always within its bounds. */
export function guideRecommendation(architecture: ArchitectureId, images: number | null): GuideRecommendation {
  if (images === null) {
    const { batchSize, epochs, learningRate, evalEvery } = trainingBounds(architecture);
    return {
      batchSize: batchSize.default,
      epochs: epochs.default,
      learningRate: learningRate.default,
      evalEvery: evalEvery.default,
      augmentation: "STANDARD",
    };
  }
  const sizeClass = datasetSizeClass(architecture, images);
  const column = datasetSizeClasses.indexOf(sizeClass);
  const row = rows[architecture];
  return {
    batchSize: row.batchSize[column]!,
    epochs: row.epochs[column]!,
    learningRate: row.learningRate[column]!,
    evalEvery: 1,
    augmentation: augmentation[sizeClass],
  };
}
