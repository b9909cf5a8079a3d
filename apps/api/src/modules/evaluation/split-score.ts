import { type SplitScore as Score, wilsonInterval } from "@residual/shared";
import type { ScoredSplit, SplitScore } from "./evaluation.type.js";

/** A stored score as the API shows it. The split is not empty (score-values.ts), so that its accuracy always has an interval. */
export function toSplitScore(
  { examples, correct, meanLoss }: Score,
  source: ScoredSplit,
  details: SplitScore["details"],
  predictions: SplitScore["predictions"],
): SplitScore {
  return { examples, correct, meanLoss, accuracy: wilsonInterval(correct, examples)!, source, details, predictions };
}
