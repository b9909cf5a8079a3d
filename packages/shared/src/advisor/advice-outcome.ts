import type { ComparedStatus } from "../comparison/compared-run.js";
import type { DifferenceTest } from "../comparison/difference-test.js";
import type { Interval } from "../statistics/interval.js";
import type { AdviceRule } from "./advice.js";

export const adviceOutcomes = ["PENDING", "HELPED", "HURT", "NO_DIFFERENCE_SHOWN"] as const;

export type AdviceOutcome = (typeof adviceOutcomes)[number];

/** A run before and after an advice was applied: same split, same seed. */
export type AppliedAdvice = {
  rule: AdviceRule;
  /** Of the run that was started by the advice. */
  status: ComparedStatus;
  /** The new run's val accuracy less the old one's; null where one of the two was never evaluated. */
  test: Pick<DifferenceTest, "low" | "high" | "pValue"> | null;
  gapBefore: Interval | null;
  gapAfter: Interval | null;
};

const significance = 0.05;
/** A remedy against overfitting may cost so much val accuracy at most, with 95 % confidence. */
const margin = 0.03;

/** Advice that is about getting through at all. */
const survival: ReadonlySet<AdviceRule> = new Set(["DIVERGED", "OUT_OF_MEMORY"]);
const closesGap: ReadonlySet<AdviceRule> = new Set(["OVERFITTING"]);

/**
 * Whether an advice helped, by the paired test of the two runs: better val accuracy; for overfitting also a gap whose interval lies below
 * the old one's while val accuracy is not three points worse; for a run that failed, that this one finished.
 */
export function judgeAdvice({ rule, status, test, gapBefore, gapAfter }: AppliedAdvice): AdviceOutcome {
  if (status === "QUEUED" || status === "RUNNING") return "PENDING";
  if (survival.has(rule))
    return status === "FINISHED" ? "HELPED" : status === "FAILED" ? "HURT" : "NO_DIFFERENCE_SHOWN";
  if (test === null) return status === "FAILED" ? "HURT" : "NO_DIFFERENCE_SHOWN";
  if (test.pValue < significance && test.low > 0) return "HELPED";
  if (test.pValue < significance && test.high < 0) return "HURT";
  const closed = gapBefore !== null && gapAfter !== null && gapAfter.high < gapBefore.low;
  return closesGap.has(rule) && closed && test.low >= -margin ? "HELPED" : "NO_DIFFERENCE_SHOWN";
}
