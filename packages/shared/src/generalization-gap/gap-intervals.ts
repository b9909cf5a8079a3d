import { newcombeInterval } from "../statistics/difference-interval.js";
import type { Estimate, Interval } from "../statistics/interval.js";
import { twoSidedZ } from "../statistics/normal-distribution.js";
import type { Evaluation } from "./evaluation.js";

/** Train accuracy − val accuracy with Newcombe's 95 % interval (the two splits are independent samples); null for an empty split. */
export function accuracyGap({ train, val }: Pick<Evaluation, "train" | "val">): Interval | null {
  return newcombeInterval(train.correct, train.examples, val.correct, val.examples);
}

/**
 * Val loss − train loss. 95 % interval by the normal approximation: ± z·√(s²_train/n_train + s²_val/n_val) with the variances of single
 * images' losses. Those are skewed, but their mean over the hundreds of images of a split is not; below about 30 images take it as rough.
 */
export function lossGap({ train, val }: Pick<Evaluation, "train" | "val">): Estimate {
  const estimate = val.meanLoss - train.meanLoss;
  const unknown = { estimate, low: null, high: null };
  if (train.lossVariance == null || val.lossVariance == null || train.examples === 0 || val.examples === 0)
    return unknown;
  const half = twoSidedZ(0.95) * Math.sqrt(train.lossVariance / train.examples + val.lossVariance / val.examples);
  return Number.isFinite(half) ? { estimate, low: estimate - half, high: estimate + half } : unknown;
}
