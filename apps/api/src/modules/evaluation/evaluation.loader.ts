import DataLoader from "dataloader";
import type { Context } from "../../context.js";
import type { Run } from "../run/run.entity.js";
import { evaluationsFromSeries, type SeriesEvaluations } from "./evaluations-from-series.js";
import {
  type EvaluationDetails,
  type EvaluationKey,
  readDetails,
  readPredictions,
  readTestPredictions,
  type StoredPredictions,
} from "./read-details.js";
import { readEvaluations, type StoredEvaluation } from "./read-evaluations.js";
import { readTestScores, type StoredTestScore } from "./read-test-scores.js";
import { findSeriesNames, type SeriesNames } from "./series-names.js";

const cacheKeyFn = (run: Run): string => `${run.id} ${run.asOf?.arrival ?? ""}`;

/** A run's evaluations by step. */
export function evaluationsOfRun({ pool }: Context): DataLoader<Run, StoredEvaluation[], string> {
  return new DataLoader(
    async (runs) => {
      const byRun = new Map<string, StoredEvaluation[]>(runs.map((run) => [run.id, []]));
      for (const evaluation of await readEvaluations(pool, [...runs])) byRun.get(evaluation.runId)!.push(evaluation);
      return runs.map((run) => byRun.get(run.id)!);
    },
    { cacheKeyFn },
  );
}

/** How runs call what they logged of accuracy and loss. */
export function seriesNamesOfRun({ pool, metrics }: Context): DataLoader<Run, SeriesNames, string> {
  return new DataLoader(
    async (runs) => {
      await metrics.ingest.summariesWritten();
      const names = await findSeriesNames(pool, runs);
      return runs.map((run) => names.get(run.id)!);
    },
    { cacheKeyFn },
  );
}

/** What a run's series tell where it logged no evaluation. */
export function seriesEvaluationsOfRun(context: Context): DataLoader<Run, SeriesEvaluations | undefined, string> {
  return new DataLoader(
    async (runs) => {
      const names = await Promise.all(runs.map((run) => context.load(seriesNamesOfRun).load(run)));
      const byId = new Map(runs.map((run, i) => [run.id, names[i]!]));
      const found = await evaluationsFromSeries(context.pool, runs, byId);
      return runs.map((run) => found.get(run.id));
    },
    { cacheKeyFn },
  );
}

/** A run's score on the test split. */
export function testScoreOfRun({ pool }: Context): DataLoader<Run, StoredTestScore | null, string> {
  return new DataLoader(
    async (runs) => {
      const scores = await readTestScores(pool, runs);
      return runs.map((run) => scores.get(run.id) ?? null);
    },
    { cacheKeyFn },
  );
}

const evaluationKey = ({ run, arrival }: EvaluationKey): string => `${run.id} ${arrival}`;

/** What an evaluation's scores say beyond loss and accuracy. */
export function detailsOfEvaluation({ pool }: Context): DataLoader<EvaluationKey, EvaluationDetails, string> {
  return new DataLoader((keys) => readDetails(pool, keys), { cacheKeyFn: evaluationKey });
}

export function predictionsOfEvaluation({
  pool,
}: Context): DataLoader<EvaluationKey, StoredPredictions | null, string> {
  return new DataLoader((keys) => readPredictions(pool, keys), { cacheKeyFn: evaluationKey });
}

/** A test score is known by its run and arrival as an evaluation is. */
export function predictionsOfTestScore({ pool }: Context): DataLoader<EvaluationKey, StoredPredictions | null, string> {
  return new DataLoader((keys) => readTestPredictions(pool, keys), { cacheKeyFn: evaluationKey });
}
