import type { ArchitectureId } from "../training-config/architecture-id.js";
import { trainingBounds } from "../training-config/training-bounds.js";

export const datasetSizeClasses = ["BELOW_MINIMUM", "SMALL", "MEDIUM", "LARGE", "VERY_LARGE"] as const;

export type DatasetSizeClass = (typeof datasetSizeClasses)[number];

/** Images from which a dataset counts as each class for an architecture (`large` and `veryLarge`: above). */
export type DatasetSizeLimits = { small: number; medium: number; large: number; veryLarge: number };

/**
 * The guide's limits for ResNet-101: 2,000, 5,000, above 20,000, above 100,000 images. The guide has no such table for the others: small and
 * medium begin at their minimum and optimal number of images, and large ones are as many times the optimum (4 and 20), never below the guide's.
 */
export function datasetSizeLimits(architecture: ArchitectureId): DatasetSizeLimits {
  const { minimumImages, optimalImages } = trainingBounds(architecture);
  return {
    small: minimumImages,
    medium: optimalImages,
    large: Math.max(20_000, 4 * optimalImages),
    veryLarge: Math.max(100_000, 20 * optimalImages),
  };
}

export function datasetSizeClass(architecture: ArchitectureId, images: number): DatasetSizeClass {
  const { small, medium, large, veryLarge } = datasetSizeLimits(architecture);
  if (images < small) return "BELOW_MINIMUM";
  if (images < medium) return "SMALL";
  if (images <= large) return "MEDIUM";
  return images <= veryLarge ? "LARGE" : "VERY_LARGE";
}
