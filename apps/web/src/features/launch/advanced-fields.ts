import {
  augmentations,
  classWeightings,
  evalUnits,
  freezePolicies,
  optimizers,
  precisions,
  schedules,
} from "@residual/shared";

/** The settings that are typed as numbers. Those of the front come first. */
export const numberFields = [
  "batchSize",
  "epochs",
  "learningRate",
  "evalEvery",
  "imageSize",
  "headLearningRateFactor",
  "layerDecay",
  "warmupFraction",
  "weightDecay",
  "clipNorm",
  "emaDecay",
  "mixup",
  "cutmix",
  "labelSmoothing",
  "microBatches",
  "earlyStopping",
  "trainImages",
] as const;

export type NumberField = (typeof numberFields)[number];

/** The settings that are one of a few words. */
export const choices = {
  augmentation: augmentations,
  freeze: freezePolicies,
  optimizer: optimizers,
  schedule: schedules,
  classWeighting: classWeightings,
  precision: precisions,
  evalUnit: evalUnits,
} as const;

export type ChoiceField = keyof typeof choices;

/** The settings that are yes or no. */
export const switchFields = ["freezeBatchNorm", "gradientCheckpointing"] as const;

export type SwitchField = (typeof switchFields)[number];

export type AdvancedField =
  | "initialWeights"
  | SwitchField
  | Exclude<ChoiceField, "augmentation">
  | Exclude<NumberField, "batchSize" | "epochs" | "learningRate" | "evalEvery" | "imageSize">;

/** What lies behind "Advanced", by what it is about. */
export const advancedGroups = {
  weights: ["initialWeights", "freeze", "headLearningRateFactor", "layerDecay", "freezeBatchNorm"],
  optimizer: ["optimizer", "schedule", "warmupFraction", "weightDecay", "clipNorm", "emaDecay"],
  regularisation: ["mixup", "cutmix", "labelSmoothing", "classWeighting"],
  memory: ["microBatches", "gradientCheckpointing", "precision"],
  evaluation: ["evalUnit", "earlyStopping", "trainImages"],
} as const satisfies Record<string, readonly AdvancedField[]>;

export function isNumberField(field: string): field is NumberField {
  return (numberFields as readonly string[]).includes(field);
}

export function isSwitchField(field: string): field is SwitchField {
  return (switchFields as readonly string[]).includes(field);
}
