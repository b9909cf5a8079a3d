import type { TrainingConfigInput } from "@/gql/graphql";

const fields: Record<keyof TrainingConfigInput, "string" | "number" | "boolean"> = {
  architecture: "string",
  augmentation: "string",
  batchSize: "number",
  beyondGuide: "boolean",
  classWeighting: "string",
  clipNorm: "number",
  cutmix: "number",
  earlyStopping: "number",
  emaDecay: "number",
  epochs: "number",
  evalEvery: "number",
  evalUnit: "string",
  freeze: "string",
  freezeBatchNorm: "boolean",
  gradientCheckpointing: "boolean",
  headLearningRateFactor: "number",
  imageSize: "number",
  initialWeights: "string",
  labelSmoothing: "number",
  layerDecay: "number",
  learningRate: "number",
  microBatches: "number",
  mixup: "number",
  optimizer: "string",
  precision: "string",
  schedule: "string",
  seed: "number",
  trainImages: "number",
  warmupFraction: "number",
  weightDecay: "number",
};

/**
 * The settings of a run that the launch form understands; a run logged from elsewhere may carry anything. A run from before there was a
 * choice of weights began with random ones, and so does its clone.
 */
export function cloneConfig(config: unknown): Partial<TrainingConfigInput> {
  if (typeof config !== "object" || config === null) return {};
  const known = Object.entries(config).filter(
    ([name, value]) => typeof value === fields[name as keyof TrainingConfigInput],
  );
  const settings = Object.fromEntries(known) as Partial<TrainingConfigInput>;
  return settings.architecture ? { initialWeights: "RANDOM", ...settings } : settings;
}
