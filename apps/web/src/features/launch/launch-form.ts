import {
  type ConfigProblem,
  completeTrainingConfig,
  type TrainingConfig,
  validateTrainingConfig,
} from "@residual/shared";
import {
  type ChoiceField,
  choices,
  type NumberField,
  numberFields,
  type SwitchField,
  switchFields,
} from "@/features/launch/advanced-fields";
import type { ArchitectureId, LaunchGuideFragment, TrainingConfigInput } from "@/gql/graphql";

/** What the reader changed; what is absent follows the recommendation, then the default, of each architecture. Numbers stay as they are typed. */
export interface LaunchSettings extends Partial<Pick<TrainingConfig, ChoiceField | SwitchField>> {
  numbers: Partial<Record<NumberField, string>>;
  initialWeights?: string;
  beyondGuide?: boolean;
}

export type Recommendation = LaunchGuideFragment["recommended"];

/** Steps between evaluations that are counted in steps, where nobody says more: after every single one a run would do little else. */
const evalEverySteps = 100;

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

/** The training config of one architecture: the recommendation, and over it what the reader changed. */
export function launchConfig(
  architecture: ArchitectureId,
  settings: LaunchSettings,
  recommended: Recommendation,
  imageSize: number,
): TrainingConfigInput {
  const { numbers: typed, initialWeights, ...changed } = settings;
  const { batchSize, epochs, learningRate, augmentation } = recommended;
  const evalEvery = settings.evalUnit === "STEP" ? evalEverySteps : recommended.evalEvery;
  const numbers: Partial<Record<NumberField, number>> = {};
  for (const field of numberFields) {
    const value = typedNumber(typed[field] ?? "");
    if (value !== null) numbers[field] = value;
  }
  const source = initialWeights?.trim();
  return {
    architecture,
    batchSize,
    epochs,
    learningRate,
    evalEvery,
    imageSize,
    augmentation,
    ...Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)),
    ...(source && { initialWeights: source }),
    ...numbers,
  };
}

/** What a setting is when nobody touches it, while the others stay as they are: the recommendation, or the default. */
export function usualValue<Field extends keyof TrainingConfig>(
  field: Field,
  architecture: ArchitectureId,
  settings: LaunchSettings,
  recommended: Recommendation,
  imageSize: number,
): TrainingConfig[Field] {
  const others = { ...settings, [field]: undefined, numbers: { ...settings.numbers, [field]: "" } };
  return completeTrainingConfig(launchConfig(architecture, others, recommended, imageSize))[field];
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
  for (const field of Object.keys(choices) as ChoiceField[]) {
    if (config[field]) Object.assign(settings, { [field]: config[field] });
  }
  for (const field of switchFields) {
    if (typeof config[field] === "boolean") settings[field] = config[field];
  }
  if (config.initialWeights) settings.initialWeights = config.initialWeights;
  if (config.beyondGuide) settings.beyondGuide = true;
  return settings;
}
