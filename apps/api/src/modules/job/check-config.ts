import { completeTrainingConfig, type TrainingConfig, validateTrainingConfig } from "@residual/shared";
import { AppError } from "../../errors.js";
import type { TrainingConfigInput } from "./start-run.input.js";

/**
 * The configuration with its derived defaults, frozen with the run. Out of range: BAD_INPUT that names the field, its
 * range and the reason for it; further problems follow in `extensions.problems`.
 */
export function checkConfig(field: string, input: TrainingConfigInput): TrainingConfig {
  const problems = validateTrainingConfig(input).map((problem) => ({
    field: `${field}.${problem.field}`,
    limit: problem.min === null && problem.max === null ? null : [problem.min, problem.max],
    message: problem.message.text,
    messageKey: problem.message.key,
    messageValues: problem.message.values,
  }));
  const [first] = problems;
  if (first) {
    const { message, ...details } = first;
    throw new AppError("BAD_INPUT", message, { ...details, problems });
  }
  return completeTrainingConfig(input);
}
