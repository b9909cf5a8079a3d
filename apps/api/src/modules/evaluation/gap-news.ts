import { assessGap, type GapAssessment } from "@residual/shared";
import type { StoredEvaluation } from "./read-evaluations.js";

/** A run's gap, and whether evaluations that came to those before changed what it is said to be: another verdict, or a gap that passed the threshold. */
export function gapNews(
  evaluations: readonly StoredEvaluation[],
  isLate: (one: StoredEvaluation) => boolean,
  threshold: number,
): { gap: GapAssessment; isNews: boolean } {
  const before = assessGap(
    evaluations.filter((one) => !isLate(one)),
    threshold,
  );
  const gap = assessGap(evaluations, threshold);
  const passed = (one: number | undefined) => one !== undefined && one >= threshold;
  const isNews =
    before.verdict !== gap.verdict || (passed(gap.accuracy?.estimate) && !passed(before.accuracy?.estimate));
  return { gap, isNews };
}
