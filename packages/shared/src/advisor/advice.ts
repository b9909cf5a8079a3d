import type { Message } from "../message/message.js";
import type { TrainingConfig } from "../training-config/training-config.js";

export const adviceRules = [
  "DIVERGED",
  "OUT_OF_MEMORY",
  "BATCH_NORM_MISMATCH",
  "OVERFITTING",
  "OVERCONFIDENT",
  "SLOW_CONVERGENCE",
  "UNDERFITTING",
  "WEAK_CLASSES",
  "DOUBTFUL_LABELS",
  "SLOW_LOADING",
  "MARGINAL_GAIN",
  "FEW_IMAGES",
] as const;

export type AdviceRule = (typeof adviceRules)[number];

export type AdviceSeverity = "INFO" | "WARN" | "ERROR";

/** Settings of the run that the action starts; the rest stays, split and seed included. */
export type ConfigPatch = Partial<Omit<TrainingConfig, "seed" | "trainImages" | "beyondGuide">>;

/** One thing to do. patch: null where it is nothing that a setting does. id: unique within the advice, and stable. */
export type AdviceAction = {
  id: string;
  message: Message;
  patch: ConfigPatch | null;
  /** Training time of the patched run in multiples of this run's, by multiply-adds; null without a patch. */
  costFactor: number | null;
  /** That time in seconds; null where this run's was not measured. */
  costSeconds: number | null;
};

/** A problem that the run's own record shows, and what to try, in that order. */
export type Advice = {
  rule: AdviceRule;
  severity: AdviceSeverity;
  /** What was found, with its numbers. */
  finding: Message;
  actions: AdviceAction[];
};
