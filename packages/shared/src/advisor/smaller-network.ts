import { type ArchitectureId, architectureIds } from "../training-config/architecture-id.js";
import { trainingBounds } from "../training-config/training-bounds.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import type { ConfigPatch } from "./advice.js";

/** One step down that saves at least a third of the time; the smallest of each family has none. */
const below: Partial<Record<ArchitectureId, ArchitectureId>> = {
  resnet152: "resnet101",
  resnet101: "resnet50",
  resnet50: "resnet18",
  resnet34: "resnet18",
  vit_large_patch16_224: "vit_base_patch16_224",
  vit_base_patch16_224: "vit_small_patch16_224",
  vit_small_patch16_224: "vit_tiny_patch16_224",
};

export function smallerNetwork(architecture: ArchitectureId): ArchitectureId | null {
  return below[architecture] ?? null;
}

/** The network of which this one is the next smaller; of several the smallest. Null where there is none. */
export function largerNetwork(architecture: ArchitectureId): ArchitectureId | null {
  const larger = architectureIds.filter((id) => below[id] === architecture);
  return larger.find((id) => id === preferred[architecture]) ?? larger[0] ?? null;
}

/** ResNet-34 and ResNet-50 both stand above ResNet-18: the guide steps from 18 to 50. */
const preferred: Partial<Record<ArchitectureId, ArchitectureId>> = { resnet18: "resnet50" };

/** The same training on the next smaller network; null where there is none. A named checkpoint is of the larger one and is left behind. */
export function smallerNetworkPatch(config: TrainingConfig): (ConfigPatch & { architecture: ArchitectureId }) | null {
  const architecture = smallerNetwork(config.architecture);
  if (architecture === null) return null;
  const { min, max } = trainingBounds(architecture, config.beyondGuide).learningRate;
  return {
    architecture,
    learningRate: Math.min(Math.max(config.learningRate, min), max),
    ...(config.initialWeights === "RANDOM" ? {} : { initialWeights: "AUTO" }),
  };
}
