import type { Message } from "../message/message.js";
import { architectureIds, architectureName, isArchitectureId } from "./architecture-id.js";
import { sayConfig } from "./config-messages.js";
import { commonBounds, trainingBounds } from "./training-bounds.js";
import {
  augmentations,
  classWeightings,
  evalUnits,
  freezePolicies,
  optimizers,
  precisions,
  schedules,
  type TrainingConfig,
  type TrainingConfigInput,
} from "./training-config.js";

/** One setting out of its range: the range, and the reason in words. min and max are null where the setting is no number. */
export type ConfigProblem = {
  field: keyof TrainingConfig;
  value: unknown;
  min: number | null;
  max: number | null;
  message: Message;
};

type Range = { min: number; max: number };
type BoundedField = "batchSize" | "epochs" | "learningRate" | "evalEvery" | "imageSize";
type CommonField = keyof typeof commonBounds;
type ChosenField = "optimizer" | "schedule" | "freeze" | "augmentation" | "classWeighting" | "precision" | "evalUnit";
type SwitchField = "beyondGuide" | "freezeBatchNorm" | "gradientCheckpointing";

const required: ReadonlySet<string> = new Set(["batchSize", "epochs", "learningRate"]);
const fractional: ReadonlySet<string> = new Set([
  "learningRate",
  "weightDecay",
  "warmupFraction",
  "headLearningRateFactor",
  "layerDecay",
  "clipNorm",
  "emaDecay",
  "mixup",
  "cutmix",
  "labelSmoothing",
]);

/** A path or a name of the Hub. */
const LONGEST_SOURCE = 1024;

/**
 * Every problem of a config, in the order of its fields; empty where it can be trained. Takes what a person typed: NaN, fractions,
 * unknown names. A field that is left out and has a default is no problem.
 */
export function validateTrainingConfig(config: TrainingConfigInput): ConfigProblem[] {
  if (!isArchitectureId(config.architecture)) {
    const value: unknown = config.architecture;
    const message = sayConfig("config.unknownArchitecture", {
      value: show(value),
      choices: architectureIds.join(", "),
    });
    return [{ field: "architecture", value, min: null, max: null, message }];
  }
  const bounds = trainingBounds(config.architecture, config.beyondGuide === true);
  const problems = [
    checkBounded(config, "batchSize", bounds.batchSize),
    checkBounded(config, "epochs", bounds.epochs),
    checkBounded(config, "learningRate", bounds.learningRate),
    checkEvalEvery(config, bounds.epochs),
    checkChoice(config, "evalUnit", evalUnits),
    checkBounded(config, "imageSize", bounds.imageSize) ?? checkMultiple(config, bounds.imageSize),
    checkInitialWeights(config),
    checkYesOrNo(config, "beyondGuide"),
    checkChoice(config, "optimizer", optimizers),
    checkCommon(config, "weightDecay"),
    checkChoice(config, "schedule", schedules),
    checkCommon(config, "warmupFraction"),
    checkCommon(config, "headLearningRateFactor"),
    checkCommon(config, "layerDecay"),
    checkCommon(config, "clipNorm"),
    checkCommon(config, "emaDecay"),
    checkChoice(config, "freeze", freezePolicies),
    checkChoice(config, "augmentation", augmentations),
    checkCommon(config, "mixup"),
    checkCommon(config, "cutmix"),
    checkCommon(config, "labelSmoothing"),
    checkChoice(config, "classWeighting", classWeightings),
    checkYesOrNo(config, "freezeBatchNorm"),
    checkCommon(config, "microBatches") ?? checkMicroBatches(config),
    checkYesOrNo(config, "gradientCheckpointing"),
    checkChoice(config, "precision", precisions),
    checkCommon(config, "earlyStopping"),
    checkCommon(config, "trainImages"),
    checkCommon(config, "seed"),
  ];
  return problems.filter((problem) => problem !== null);
}

/** Rarer evaluation than the run is long would leave it with one evaluation at its end: no onset of overfitting. */
function longestEvalEvery(epochs: number, { min, max }: Range): number {
  return Number.isInteger(epochs) && epochs >= min ? Math.min(epochs, max) : max;
}

function checkEvalEvery(config: TrainingConfigInput, epochs: Range): ConfigProblem | null {
  if (config.evalUnit === "STEP") return checkCommon(config, "evalEvery");
  return checkBounded(config, "evalEvery", { min: 1, max: longestEvalEvery(config.epochs, epochs) });
}

function checkBounded(config: TrainingConfigInput, field: BoundedField, range: Range): ConfigProblem | null {
  return checkNumber(config, field, range, (value) => {
    const key = `config.${field}.${value < range.min ? "tooSmall" : "tooLarge"}` as const;
    const architecture = architectureName(config.architecture);
    return sayConfig(key, { architecture, value: showNumber(value), ...showRange(range) });
  });
}

function checkCommon(config: TrainingConfigInput, field: CommonField): ConfigProblem | null {
  const range = commonBounds[field];
  return checkNumber(config, field, range, (value) => {
    const values = { field, value: showNumber(value), ...showRange(range) };
    return field === "trainImages"
      ? sayConfig("config.trainImages.outOfRange", values)
      : sayConfig("config.outOfRange", values);
  });
}

function checkNumber(
  config: TrainingConfigInput,
  field: BoundedField | CommonField,
  range: Range,
  sayOutOfRange: (value: number) => Message,
): ConfigProblem | null {
  const value = config[field];
  if ((value === undefined || value === null) && !required.has(field)) return null;
  const wrongKind = { field, value: show(value), ...showRange(range) };
  if (typeof value !== "number" || Number.isNaN(value))
    return problem(field, value, range, sayConfig("config.notNumber", wrongKind));
  if (!fractional.has(field) && !Number.isInteger(value))
    return problem(field, value, range, sayConfig("config.notWhole", wrongKind));
  return value >= range.min && value <= range.max ? null : problem(field, value, range, sayOutOfRange(value));
}

function checkMultiple(config: TrainingConfigInput, range: Range & { multipleOf: number }): ConfigProblem | null {
  const { multipleOf } = range;
  const value = config.imageSize;
  if (value === undefined || value === null || value % multipleOf === 0) return null;
  const nearest = Math.round(value / multipleOf) * multipleOf;
  const architecture = architectureName(config.architecture);
  return problem(
    "imageSize",
    value,
    range,
    sayConfig("config.imageSize.notMultiple", { architecture, value, multipleOf, nearest }),
  );
}

function checkChoice(
  config: TrainingConfigInput,
  field: ChosenField,
  choices: readonly string[],
): ConfigProblem | null {
  const value = config[field];
  if (value === undefined || value === null || choices.includes(value)) return null;
  return problem(
    field,
    value,
    null,
    sayConfig("config.unknownChoice", { field, value: show(value), choices: choices.join(", ") }),
  );
}

function checkYesOrNo(config: TrainingConfigInput, field: SwitchField): ConfigProblem | null {
  const value = config[field];
  if (value === undefined || value === null || typeof value === "boolean") return null;
  return problem(field, value, null, sayConfig("config.notYesOrNo", { field, value: show(value) }));
}

function checkMicroBatches({ batchSize, microBatches }: TrainingConfigInput): ConfigProblem | null {
  if (microBatches === undefined || microBatches === null || batchSize % microBatches === 0) return null;
  return problem(
    "microBatches",
    microBatches,
    null,
    sayConfig("config.microBatches.uneven", { batchSize, microBatches }),
  );
}

function checkInitialWeights({ initialWeights: value }: TrainingConfigInput): ConfigProblem | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value.trim() !== "" && value.length <= LONGEST_SOURCE) return null;
  return problem("initialWeights", value, null, sayConfig("config.initialWeights.unreadable", { value: show(value) }));
}

function problem(field: keyof TrainingConfig, value: unknown, range: Range | null, message: Message): ConfigProblem {
  return { field, value, min: range?.min ?? null, max: range?.max ?? null, message };
}

function showRange({ min, max }: Range) {
  return { min: showNumber(min), max: showNumber(max) };
}

/** Small numbers read 5e-5, as people write learning rates; a message's number format would round them to 0. */
function showNumber(value: number): string | number {
  return value !== 0 && Math.abs(value) < 0.01 ? value.toExponential() : value;
}

function show(value: unknown): string {
  return String(value).slice(0, 60);
}
