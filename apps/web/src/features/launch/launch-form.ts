import { type ConfigProblem, validateTrainingConfig } from "@residual/shared";
import type { ArchitectureId, Augmentation, LaunchGuideFragment, Optimizer, TrainingConfigInput } from "@/gql/graphql";

/** The settings that are typed as numbers, in the order of the form. */
export const numberFields = [
  "batchSize",
  "epochs",
  "learningRate",
  "evalEvery",
  "imageSize",
  "weightDecay",
  "warmupFraction",
  "labelSmoothing",
  "trainImages",
] as const;

export type NumberField = (typeof numberFields)[number];

/** What the reader changed; what is absent follows the recommendation for each architecture. Numbers stay as they are typed. */
export interface LaunchSettings {
  numbers: Partial<Record<NumberField, string>>;
  optimizer?: Optimizer;
  augmentation?: Augmentation;
  freezeBatchNorm?: boolean;
}

export type Recommendation = LaunchGuideFragment["recommended"];

/** A number as people type it, with point or comma; null for an empty field, NaN for what is no number. */
export function typedNumber(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? null : Number(trimmed);
}

/** Seeds as they are typed: "0, 1, 2" or "0-4". null where it is anything else, or more than twenty. */
export function typedSeeds(text: string): number[] | null {
  const seeds: number[] = [];
  for (const part of text.split(/[,\s]+/).filter(Boolean)) {
    const match = /^(\d{1,9})(?:[-–](\d{1,9}))?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    if (last < first || last - first >= 20) return null;
    for (let seed = first; seed <= last; seed++) if (!seeds.includes(seed)) seeds.push(seed);
  }
  return seeds.length >= 1 && seeds.length <= 20 ? seeds : null;
}

/** What the form shows in a field that nobody touched: the recommendation, then the defaults of the API. */
export function recommendedNumbers(
  recommended: Recommendation,
  imageSize: number,
): Partial<Record<NumberField, number>> {
  const { batchSize, epochs, learningRate, evalEvery } = recommended;
  return { batchSize, epochs, learningRate, evalEvery, imageSize, warmupFraction: 0.1, labelSmoothing: 0 };
}

/** The training config of one architecture: the recommendation, and over it what the reader changed. */
export function launchConfig(
  architecture: ArchitectureId,
  settings: LaunchSettings,
  recommended: Recommendation,
  imageSize: number,
): TrainingConfigInput {
  const numbers: Partial<Record<NumberField, number>> = recommendedNumbers(recommended, imageSize);
  for (const field of numberFields) {
    const value = typedNumber(settings.numbers[field] ?? "");
    if (value !== null) numbers[field] = value;
  }
  return {
    ...numbers,
    architecture,
    batchSize: numbers.batchSize ?? recommended.batchSize,
    epochs: numbers.epochs ?? recommended.epochs,
    learningRate: numbers.learningRate ?? recommended.learningRate,
    optimizer: settings.optimizer ?? "ADAMW",
    augmentation: settings.augmentation ?? recommended.augmentation,
    freezeBatchNorm: settings.freezeBatchNorm ?? null,
  };
}

/** The first problem of each field over all configs of a sweep. */
export function launchProblems(configs: readonly TrainingConfigInput[]): Map<string, ConfigProblem> {
  const problems = new Map<string, ConfigProblem>();
  for (const config of configs) {
    for (const problem of validateTrainingConfig(config)) {
      if (!problems.has(problem.field)) problems.set(problem.field, problem);
    }
  }
  return problems;
}

/** Settings as the form holds them from a (partial) config: of a preset, or of a run that is cloned. */
export function settingsOf(config: Partial<TrainingConfigInput>): LaunchSettings {
  const settings: LaunchSettings = { numbers: {} };
  for (const field of numberFields) {
    const value = config[field];
    if (typeof value === "number") settings.numbers[field] = String(value);
  }
  if (config.optimizer) settings.optimizer = config.optimizer;
  if (config.augmentation) settings.augmentation = config.augmentation;
  if (typeof config.freezeBatchNorm === "boolean") settings.freezeBatchNorm = config.freezeBatchNorm;
  return settings;
}
