import type { TrainingConfigInput } from "@/gql/graphql";

const fields: Record<keyof TrainingConfigInput, "string" | "number" | "boolean"> = {
  architecture: "string",
  augmentation: "string",
  batchSize: "number",
  epochs: "number",
  evalEvery: "number",
  freezeBatchNorm: "boolean",
  imageSize: "number",
  labelSmoothing: "number",
  learningRate: "number",
  optimizer: "string",
  seed: "number",
  trainImages: "number",
  warmupFraction: "number",
  weightDecay: "number",
};

/** The settings of a run that the launch form understands; a run logged from elsewhere may carry anything. */
export function cloneConfig(config: unknown): Partial<TrainingConfigInput> {
  if (typeof config !== "object" || config === null) return {};
  const known = Object.entries(config).filter(
    ([name, value]) => typeof value === fields[name as keyof TrainingConfigInput],
  );
  return Object.fromEntries(known) as Partial<TrainingConfigInput>;
}
