import { assessGap } from "@residual/shared";
import type { StoredEvaluation } from "./read-evaluations.js";

/** Whether evaluations that came to those before changed what the run's gap is said to be: another verdict, or a gap that passed the threshold. */
export function isGapNews(
  evaluations: readonly StoredEvaluation[],
  isLate: (one: StoredEvaluation) => boolean,
  threshold: number,
): boolean {
  const before = assessGap(
    evaluations.filter((one) => !isLate(one)),
    threshold,
  );
  const after = assessGap(evaluations, threshold);
  const passed = (gap: number | undefined) => gap !== undefined && gap >= threshold;
  return before.verdict !== after.verdict || (passed(after.accuracy?.estimate) && !passed(before.accuracy?.estimate));
}
