import type { Message } from "../message/message.js";
import { percent } from "../message/percent.js";
import type { Estimate, Interval } from "../statistics/interval.js";
import type { Evaluation } from "./evaluation.js";
import { accuracyGap, lossGap } from "./gap-intervals.js";
import { sayGap } from "./gap-messages.js";
import { findDivergence, findValLossTurn } from "./onset.js";

export const gapVerdicts = [
  "NONE",
  "UNRESOLVED",
  "MILD",
  "OVERFITTING",
  "OVERCONFIDENT",
  "UNDERFITTING",
  "DIVERGED",
  "TOO_EARLY",
] as const;

export type GapVerdict = (typeof gapVerdicts)[number];

/** What a gap is measured in: accuracy, another score from 0 to 1, or, of a run that logged neither, losses alone. */
export const gapMeasures = ["ACCURACY", "SCORE", "LOSS"] as const;

export type GapMeasure = (typeof gapMeasures)[number];

/** What a run's evaluations say about overfitting. Fractions of 1, positive = overfitting. Row i of the columns belongs to evaluation i. */
export type GapAssessment = {
  verdict: GapVerdict;
  measure: GapMeasure;
  /** Gaps at the last evaluation; null while it is too early, after divergence, or for an empty split. */
  accuracy: Interval | null;
  loss: Estimate | null;
  /** Accuracy gap at the best epoch, that of the smallest val loss (of its median of three below 500 val images). */
  best: Interval | null;
  bestEpoch: number | null;
  /** Epoch from which training hurts, or diverges. */
  onsetEpoch: number | null;
  /** Epochs trained since the onset. */
  wastedEpochs: number | null;
  explanation: Message;
  epochs: number[];
  accuracyGaps: Float64Array;
  accuracyLow: Float64Array;
  accuracyHigh: Float64Array;
  lossGaps: Float64Array;
};

export type Finding = Pick<GapAssessment, "verdict" | "explanation"> & { onsetEpoch?: number };

/** Of fewer, no course can be told. */
export const neededEvaluations = 3;
const point = 0.01;
/** Accuracies are ratios of counts: 0.95 − 0.85 must count as 10 points. */
const rounding = 1e-12;

/** Changes with any rule below, so that a stored verdict can be told from one of today. */
export const gapRuleVersion = 2;

/** From here on a gap is called mild though val loss has not turned, where its interval lies above half of it. As a fraction of 1. */
export const defaultGapThreshold = 0.1;

/**
 * Applies the rules in order; the first that holds gives the verdict. Evaluations may come in any order. `score`: what another score than
 * accuracy is called on val, where the "correct" of the evaluations stands for it.
 */
export function assessGap(
  evaluations: readonly Evaluation[],
  threshold = defaultGapThreshold,
  score: string | null = null,
): GapAssessment {
  const ordered = inCourse(evaluations);
  const diverged = judgeDivergence(ordered);
  if (diverged) return assessment(ordered, diverged);
  const scored = ordered.filter(({ train, val }) => train.examples > 0 && val.examples > 0);
  const last = scored.at(-1);
  const accuracy = last && accuracyGap(last);
  if (scored.length < neededEvaluations || !last || !accuracy) {
    const explanation = sayGap("gap.tooEarly", { evaluations: scored.length, needed: neededEvaluations });
    return assessment(ordered, { verdict: "TOO_EARLY", explanation });
  }
  const best = scored[findValLossTurn(scored).best]!;
  return {
    ...assessment(ordered, judge(scored, accuracy, threshold, score)),
    measure: score === null ? "ACCURACY" : "SCORE",
    accuracy,
    loss: lossGap(last),
    best: accuracyGap(best),
    bestEpoch: best.epoch,
  };
}

/** By epoch, then by step. */
export function inCourse(evaluations: readonly Evaluation[]): Evaluation[] {
  return [...evaluations].sort((a, b) => a.epoch - b.epoch || a.step - b.step);
}

/** The first rule, which is about losses only: whether training has diverged; null where it has not. */
export function judgeDivergence(ordered: readonly Evaluation[]): Finding | null {
  const divergence = findDivergence(ordered);
  if (divergence === null) return null;
  const onsetEpoch = ordered[divergence.index]!.epoch;
  const key = divergence.kind === "notFinite" ? "gap.divergedNotFinite" : "gap.divergedRising";
  return { verdict: "DIVERGED", onsetEpoch, explanation: sayGap(key, { epoch: onsetEpoch }) };
}

function judge(ordered: readonly Evaluation[], gap: Interval, threshold: number, score: string | null): Finding {
  const last = ordered.at(-1)!;
  const turn = findValLossTurn(ordered);
  const shown = { gap: percent(gap.estimate), low: percent(gap.low), high: percent(gap.high) };
  if (turn.turned) {
    const onsetEpoch = ordered[turn.best]!.epoch;
    const lost = Math.max(...ordered.map(valAccuracy)) - valAccuracy(last);
    const rise = Number.isFinite(turn.rise) ? Math.round(turn.rise) : null;
    const course = { ...shown, epoch: onsetEpoch, rise, lost: percent(lost) };
    if (lost > 0.5 * point + rounding) {
      const explanation =
        score === null
          ? sayGap("gap.overfitting", course)
          : sayGap("gap.overfittingScore", { ...course, metric: score });
      return { verdict: "OVERFITTING", onsetEpoch, explanation };
    }
    const explanation =
      score === null
        ? sayGap("gap.overconfident", course)
        : sayGap("gap.overconfidentScore", { ...course, metric: score });
    return { verdict: "OVERCONFIDENT", onsetEpoch, explanation };
  }
  const isAtLeast = (limit: number) => gap.estimate >= limit - rounding;
  if (isAtLeast(threshold) && gap.low > threshold / 2)
    return { verdict: "MILD", explanation: sayGap("gap.mild", shown) };
  if (isAtLeast(3 * point) && gap.low <= 0) {
    return { verdict: "UNRESOLVED", explanation: sayGap("gap.unresolved", { ...shown, examples: last.val.examples }) };
  }
  const trainAccuracy = last.train.correct / last.train.examples;
  if (trainAccuracy < 0.8 && !isAtLeast(3 * point)) {
    const explanation =
      score === null
        ? sayGap("gap.underfitting", { ...shown, trainAccuracy: percent(trainAccuracy) })
        : sayGap("gap.underfittingScore", { ...shown, metric: score, score: percent(trainAccuracy) });
    return { verdict: "UNDERFITTING", explanation };
  }
  return { verdict: "NONE", explanation: sayGap("gap.none", shown) };
}

/** A finding with the course of the gaps; what is told of single evaluations (`accuracy`, `best` …) is still open. */
export function assessment(
  ordered: readonly Evaluation[],
  { verdict, explanation, onsetEpoch }: Finding,
): GapAssessment {
  const gaps = ordered.map(accuracyGap);
  const column = (values: (number | undefined)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);
  return {
    verdict,
    measure: "ACCURACY",
    accuracy: null,
    loss: null,
    best: null,
    bestEpoch: null,
    onsetEpoch: onsetEpoch ?? null,
    wastedEpochs: onsetEpoch === undefined ? null : ordered.at(-1)!.epoch - onsetEpoch,
    explanation,
    epochs: ordered.map(({ epoch }) => epoch),
    accuracyGaps: column(gaps.map((gap) => gap?.estimate)),
    accuracyLow: column(gaps.map((gap) => gap?.low)),
    accuracyHigh: column(gaps.map((gap) => gap?.high)),
    lossGaps: column(ordered.map((evaluation) => lossGap(evaluation).estimate)),
  };
}

function valAccuracy({ val }: Evaluation): number {
  return val.correct / val.examples;
}
