import { datasetSizeClass, guideNotes, guideRecommendation } from "@residual/shared";
import type { Dataset } from "../dataset/dataset.entity.js";
import { describeArchitecture } from "./architecture.service.js";
import type { ArchitectureId } from "./architecture-id.js";
import type { TrainingGuide } from "./training-guide.type.js";

/** What the guide and the evidence say for an architecture, and for a dataset once its images are counted. */
export function trainingGuide(id: ArchitectureId, dataset: Dataset | null): TrainingGuide {
  const images = dataset?.status === "READY" ? dataset.imageCount : null;
  return {
    architecture: describeArchitecture(id),
    datasetImages: images,
    sizeClass: images === null ? null : datasetSizeClass(id, images),
    recommended: guideRecommendation(id, images),
    notes: guideNotes(id, images === null ? null : { images, classes: dataset?.classes.length ?? null }),
  };
}
