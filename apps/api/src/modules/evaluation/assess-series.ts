import { assessGap, assessLossGap, englishMessages, fill, type GapAssessment, type MessageKey } from "@residual/shared";
import type { Interval } from "./evaluation.type.js";
import type { SeriesEvaluations } from "./evaluations-from-series.js";

/** An assessment whose estimates may stand without an interval. */
export type SeriesAssessment = Omit<GapAssessment, "accuracy" | "loss" | "best"> & {
  accuracy: Interval | null;
  loss: Interval | null;
  best: Interval | null;
};

/** What a run's series tell of its gap, by the rules for what they are measured in. */
export function assessSeries(series: SeriesEvaluations, threshold: number | undefined): SeriesAssessment {
  const { evaluations, measure, counted, valExamples, pairs } = series;
  if (measure === "LOSS") return assessLossGap(evaluations, valExamples);
  const gap = assessGap(evaluations, threshold, measure === "SCORE" ? pairs.accuracy!.val : null);
  return counted ? gap : withoutIntervals(gap);
}

/** Without the numbers of images an estimate is all there is: no interval is claimed, neither in a field nor in the sentence. */
function withoutIntervals(gap: GapAssessment): SeriesAssessment {
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
