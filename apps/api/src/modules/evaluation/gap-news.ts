import { assessGap } from "@residual/shared";
import type { StoredEvaluation } from "./read-evaluations.js";

/** From here on a gap is worth an alert even where the verdict stays. */
const ALERT_GAP = 0.1;

/** Whether evaluations that came to those before changed what the run's gap is said to be: another verdict, or a gap that passed the threshold. */
export function isGapNews(
  evaluations: readonly StoredEvaluation[],
  isLate: (one: StoredEvaluation) => boolean,
): boolean {
  const before = assessGap(evaluations.filter((one) => !isLate(one)));
  const after = assessGap([...evaluations]);
  const passed = (gap: number | undefined) => gap !== undefined && gap >= ALERT_GAP;
  return before.verdict !== after.verdict || (passed(after.accuracy?.estimate) && !passed(before.accuracy?.estimate));
}
