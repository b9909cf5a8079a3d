import { multiplyAdds } from "../architecture-facts/counts.js";
import type { Message } from "../message/message.js";
import type { TrainingConfig } from "../training-config/training-config.js";
import { validateTrainingConfig } from "../training-config/validate-training-config.js";
import type { AdviceAction, ConfigPatch } from "./advice.js";
import type { RunEvidence } from "./run-evidence.js";

/** A forward and a backward pass cost three forward passes; to compute activations again costs nearly one more. */
const checkpointingFactor = 4 / 3;

/** An action that is not a setting: to collect images, to look at labels. */
export function adviseOnly(id: string, message: Message): AdviceAction {
  return { id, message, patch: null, costFactor: null, costSeconds: null };
}

/**
 * The action that starts the run again with `patch`; none where the run cannot be started from here, where the patch changes nothing,
 * and where no config may have these values.
 */
export function plan(
  { config, trainSeconds, classes }: RunEvidence,
  id: string,
  message: Message,
  patch: ConfigPatch,
): AdviceAction[] {
  if (config === null) return [];
  const patched = { ...config, ...patch };
  const changes = (Object.keys(patch) as (keyof ConfigPatch)[]).some((field) => patched[field] !== config[field]);
  if (!changes || validateTrainingConfig(patched).length > 0) return [];
  const costFactor = costOf(patched, classes?.length ?? 1_000) / costOf(config, classes?.length ?? 1_000);
  return [{ id, message, patch, costFactor, costSeconds: trainSeconds === null ? null : trainSeconds * costFactor }];
}

/** Multiply-adds of a training on one image an epoch. */
function costOf({ architecture, imageSize, epochs, gradientCheckpointing }: TrainingConfig, classes: number): number {
  return multiplyAdds(architecture, classes, imageSize) * epochs * (gradientCheckpointing ? checkpointingFactor : 1);
}
