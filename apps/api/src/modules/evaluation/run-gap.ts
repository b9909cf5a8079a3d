import {
  assessGap,
  englishMessages,
  fill,
  type GapAssessment,
  gapRuleVersion,
  type MessageKey,
  runningReservation,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { projectById } from "../project/project.loader.js";
import type { Run } from "../run/run.entity.js";
import { evaluationsOfRun, seriesEvaluationsOfRun } from "./evaluation.loader.js";
import type { GeneralizationGap, Interval } from "./evaluation.type.js";
import type { SeriesEvaluations } from "./evaluations-from-series.js";

/** A run's gap by its project's threshold: from its evaluations, or from its series where it has none; null where neither tells of one. */
export async function runGap(context: Context, run: Run): Promise<GeneralizationGap | null> {
  const [stored, project] = await Promise.all([
    context.load(evaluationsOfRun).load(run),
    context.load(projectById).load(run.projectId),
  ]);
  const threshold = project?.gapThreshold;
  const rule = { ruleVersion: gapRuleVersion, threshold: threshold ?? null };
  if (stored.length > 0) return { ...assessGap(stored, threshold), ...rule, pairs: [], reservation: null };
  const series = await context.load(seriesEvaluationsOfRun).load(run);
  if (!series) return null;
  const gap = assessGap(series.evaluations, threshold);
  return { ...(series.counted ? gap : withoutIntervals(gap)), ...rule, ...fromSeries(series) };
}

function fromSeries({ pairs: { accuracy, loss }, running }: SeriesEvaluations) {
  const pairs = [accuracy, loss].filter((pair) => pair !== null);
  return { pairs, reservation: running ? runningReservation(accuracy!.train) : null };
}

/** Without the numbers of images an estimate is all there is: no interval is claimed, neither in a field nor in the sentence. */
function withoutIntervals(gap: GapAssessment) {
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
