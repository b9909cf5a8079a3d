import { trainingBounds } from "../../training-config/training-bounds.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

/** Beyond this, single steps throw the weights about, whatever the loss says yet. */
const spikeRatio = 10;

/** Numbers that were no longer finite, a loss that stays above its beginning, or gradients that jump. */
export function adviseDiverged(evidence: RunEvidence): Advice | null {
  const { config, gap, failure, divergences, gradientNorm } = evidence;
  const diverged = failure === "DIVERGED" || gap?.verdict === "DIVERGED" || divergences > 0;
  const spikes =
    gradientNorm !== null &&
    (config?.clipNorm ?? 0) === 0 &&
    gradientNorm.median > 0 &&
    gradientNorm.largest > spikeRatio * gradientNorm.median;
  if (!diverged && !spikes) return null;
  return {
    rule: "DIVERGED",
    severity: diverged ? "ERROR" : "WARN",
    finding: diverged
      ? sayFinding("advice.diverged.finding", { times: Math.max(1, divergences) })
      : sayFinding("advice.diverged.spikes", {
          ratio: Math.round(gradientNorm!.largest / gradientNorm!.median),
        }),
    actions: config === null ? [] : repairs(evidence, config),
  };
}

function repairs(evidence: RunEvidence, config: NonNullable<RunEvidence["config"]>): Advice["actions"] {
  const { min } = trainingBounds(config.architecture, config.beyondGuide).learningRate;
  const learningRate = Math.max(min, twoDigits(config.learningRate / 3));
  return [
    ...plan(evidence, "lowerRate", sayAction("advice.action.lowerRate", { learningRate }), { learningRate }),
    ...(config.warmupFraction < 0.1
      ? plan(evidence, "warmup", sayAction("advice.action.warmup", { percent: 10 }), { warmupFraction: 0.1 })
      : []),
    ...(config.clipNorm === 0 || config.clipNorm > 1
      ? plan(evidence, "clip", sayAction("advice.action.clip", {}), { clipNorm: 1 })
      : []),
    ...plan(evidence, "fullPrecision", sayAction("advice.action.fullPrecision", {}), { precision: "FP32" }),
  ];
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
