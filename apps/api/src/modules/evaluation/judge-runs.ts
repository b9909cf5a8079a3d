import { assessGap } from "@residual/shared";
import type { Pool } from "pg";
import { readGapThresholds } from "../project/gap-thresholds.js";
import type { Run } from "../run/run.entity.js";
import { assessSeries } from "./assess-series.js";
import { evaluationsFromSeries } from "./evaluations-from-series.js";
import { type KeptGap, toKept } from "./keep-gap.js";
import { readEvaluations, type StoredEvaluation } from "./read-evaluations.js";
import { findSeriesNames } from "./series-names.js";

/** How a run's gap stands, and whether its series say so (it has logged no evaluation). */
export type JudgedRun = { run: Run; kept: KeptGap; isFromSeries: boolean };

/** Judges runs by what there is of them now: by their evaluations, or by their series. */
export async function judgeRuns(pool: Pool, runs: Run[]): Promise<JudgedRun[]> {
  if (runs.length === 0) return [];
  const projects = runs.map((run) => run.projectId);
  const [evaluations, thresholds] = await Promise.all([readEvaluations(pool, runs), readGapThresholds(pool, projects)]);
  const byRun = new Map<string, StoredEvaluation[]>();
  for (const one of evaluations) byRun.set(one.runId, [...(byRun.get(one.runId) ?? []), one]);
  const others = runs.filter(({ id }) => !byRun.has(id));
  const series = await evaluationsFromSeries(pool, others, await findSeriesNames(pool, others));
  return runs.map((run) => {
    const threshold = thresholds.get(run.projectId)!;
    const stored = byRun.get(run.id);
    const logged = series.get(run.id);
    const assessed = stored ? assessGap(stored, threshold) : logged ? assessSeries(logged, threshold) : null;
    return { run, kept: toKept(assessed, threshold), isFromSeries: !stored };
  });
}
