import { assessGap, englishMessages, fill, type GapAssessment, type MessageKey } from "@residual/shared";
import type { GeneralizationGap, Interval } from "./evaluation.type.js";
import type { SeriesEvaluations } from "./evaluations-from-series.js";
import type { StoredEvaluation } from "./read-evaluations.js";

/** A run's gap from its evaluations, or from its series where it has none; null where neither tells of one. */
export function runGap(stored: StoredEvaluation[], series: SeriesEvaluations | undefined): GeneralizationGap | null {
  if (stored.length > 0) return assessGap(stored);
  if (!series) return null;
  const gap = assessGap(series.evaluations);
  return series.counted ? gap : withoutIntervals(gap);
}

/** Without the numbers of images an estimate is all there is: no interval is claimed, neither in a field nor in the sentence. */
function withoutIntervals(gap: GapAssessment): GeneralizationGap {
  const bare = (interval: Interval | null) => interval && { estimate: interval.estimate, low: null, high: null };
  const unknown = Object.keys(gap.explanation.values).filter((name) => ["low", "high", "examples"].includes(name));
  const values = { ...gap.explanation.values, ...Object.fromEntries(unknown.map((name) => [name, null])) };
  const template = englishMessages[gap.explanation.key as MessageKey];
  return {
    ...gap,
    accuracy: bare(gap.accuracy),
    loss: bare(gap.loss),
    best: bare(gap.best),
    explanation: { ...gap.explanation, values, text: fill(template, values) },
    accuracyLow: gap.accuracyLow.map(() => Number.NaN),
    accuracyHigh: gap.accuracyHigh.map(() => Number.NaN),
  };
}
