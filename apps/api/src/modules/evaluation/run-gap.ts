import { assessGap, type GapAssessment, gapRuleVersion, runningReservation } from "@residual/shared";
import type { Context } from "../../context.js";
import { projectById } from "../project/project.loader.js";
import type { Run } from "../run/run.entity.js";
import { assessSeries } from "./assess-series.js";
import { evaluationsOfRun, seriesEvaluationsOfRun } from "./evaluation.loader.js";
import type { GeneralizationGap } from "./evaluation.type.js";
import type { SeriesEvaluations } from "./evaluations-from-series.js";

/** A run's gap by its project's threshold: from its evaluations, or from its series where it has none; null where neither tells of one. */
export async function runGap(context: Context, run: Run): Promise<GeneralizationGap | null> {
  const [stored, project] = await Promise.all([
    context.load(evaluationsOfRun).load(run),
    context.load(projectById).load(run.projectId),
  ]);
  const threshold = run.asOf?.gapThreshold ?? project?.gapThreshold;
  const rule = { ruleVersion: gapRuleVersion, threshold: threshold ?? null };
  if (stored.length > 0) {
    const gap = assessGap(stored, threshold);
    const moments = stored.map(({ epoch, createdAt }) => ({ epoch, time: createdAt.getTime() }));
    return { ...gap, ...rule, wastedSeconds: wastedSeconds(gap, moments), pairs: [], reservation: null };
  }
  const series = await context.load(seriesEvaluationsOfRun).load(run);
  if (!series) return null;
  const gap = assessSeries(series, threshold);
  const moments = series.evaluations.map(({ epoch }, i) => ({ epoch, time: series.times[i]! }));
  return { ...gap, ...rule, wastedSeconds: wastedSeconds(gap, moments), ...basisOf(series) };
}

function basisOf({ pairs: { accuracy, loss }, running }: SeriesEvaluations) {
  const pairs = [accuracy, loss].filter((pair) => pair !== null);
  return { pairs, reservation: running && pairs[0] ? runningReservation(pairs[0].train) : null };
}

/** From the evaluation of the onset to the last; null without an onset. A run that was resumed waited in between, and that counts too. */
function wastedSeconds(
  { onsetEpoch }: Pick<GapAssessment, "onsetEpoch">,
  moments: readonly { epoch: number; time: number }[],
): number | null {
  const onset = moments.find(({ epoch }) => epoch === onsetEpoch);
  return onset ? (Math.max(...moments.map(({ time }) => time)) - onset.time) / 1_000 : null;
}
