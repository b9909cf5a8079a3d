import { type Evaluation, findGapPairs, type GapPairs, type MetricPair, pairedKeys } from "@residual/shared";
import type { Pool } from "pg";
import { toRead } from "../metric/metric.loader.js";
import { type ReadSeries, readSeries } from "../metric/read-series.js";
import type { Run } from "../run/run.entity.js";

/**
 * Evaluations put together from a run's series. `counted`: whether accuracies come with the numbers of images behind them. `running`: the
 * train metric was measured while training, as far as is known.
 */
export type SeriesEvaluations = { evaluations: Evaluation[]; counted: boolean; running: boolean; pairs: GapPairs };

/** Stands for an unknown number of images: rounds an accuracy to a millionth. Whatever follows from it must carry no interval. */
const UNCOUNTED = 1_000_000;

/**
 * For runs that logged series instead of evaluations: one evaluation for each step at which train and val accuracy coincide. Which series
 * those are is found by their names (findGapPairs) unless the run says so. Accuracies in percent are taken as such. The epoch is the
 * step, unless config.stepsPerEpoch says how many make one; config.trainExamples and config.valExamples give the numbers of images.
 */
export async function evaluationsFromSeries(pool: Pool, runs: Run[]): Promise<Map<string, SeriesEvaluations>> {
  const found = new Map<string, SeriesEvaluations>();
  const pairs = await pairsOfRuns(pool, runs);
  const paired = runs.filter((run) => pairs.get(run.id)?.accuracy);
  if (paired.length === 0) return found;
  const keys = [...new Set(paired.flatMap((run) => keysOf(pairs.get(run.id)!)))];
  const series = await readSeries(pool, { runs: paired.map(toRead), keys, from: null, to: null, maxPoints: null });
  const byRun = new Map<string, Map<string, ReadSeries>>();
  for (const one of series) byRun.set(one.runId, (byRun.get(one.runId) ?? new Map()).set(one.key, one));
  for (const run of paired) {
    const made = joinSeries(run, byRun.get(run.id) ?? new Map(), pairs.get(run.id)!);
    if (made.evaluations.length > 0) found.set(run.id, made);
  }
  return found;
}

async function pairsOfRuns(pool: Pool, runs: Run[]): Promise<Map<string, GapPairs>> {
  const { rows } = await pool.query<{ run_id: string; keys: string[] }>({
    name: "evaluation-paired-keys",
    text: `SELECT s.run_id, array_agg(s.key) AS keys
           FROM unnest($1::bigint[], $2::text[]) AS w(dist_key, run_id) JOIN metric_series s USING (dist_key, run_id)
           WHERE s.key = ANY($3) GROUP BY s.run_id`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), pairedKeys],
  });
  const keys = new Map(rows.map((row) => [row.run_id, new Set(row.keys)]));
  return new Map(runs.map((run) => [run.id, run.gapPairs ?? findGapPairs(keys.get(run.id) ?? new Set())]));
}

function keysOf({ accuracy, loss }: GapPairs): string[] {
  return [accuracy, loss].flatMap((pair) => (pair ? [pair.train, pair.val] : []));
}

function joinSeries(run: Run, series: Map<string, ReadSeries>, pairs: GapPairs): SeriesEvaluations {
  const [trainAccuracy, valAccuracy] = accuracies(pairs.accuracy!, series);
  const trainLoss = valuesByStep(pairs.loss ? series.get(pairs.loss.train) : undefined);
  const valLoss = valuesByStep(pairs.loss ? series.get(pairs.loss.val) : undefined);
  const trainExamples = positiveInteger(run.config.trainExamples);
  const valExamples = positiveInteger(run.config.valExamples);
  const stepsPerEpoch = positiveInteger(run.config.stepsPerEpoch) ?? 1;
  const evaluations: Evaluation[] = [];
  for (const [step, accuracy] of trainAccuracy) {
    const val = valAccuracy.get(step);
    if (val === undefined || !isFraction(accuracy) || !isFraction(val)) continue;
    evaluations.push({
      epoch: step / stepsPerEpoch,
      step,
      train: score(accuracy, trainLoss.get(step), trainExamples ?? UNCOUNTED),
      val: score(val, valLoss.get(step), valExamples ?? UNCOUNTED),
    });
  }
  const running = run.config.trainMetrics !== "evaluation";
  return { evaluations, counted: trainExamples !== null && valExamples !== null, running, pairs };
}

/** Both as fractions: where one of them ever is above 1 and none above 100, they are percent. */
function accuracies(
  { train, val }: MetricPair,
  series: Map<string, ReadSeries>,
): [Map<number, number>, Map<number, number>] {
  const columns = [train, val].map((key) => valuesByStep(series.get(key)));
  const finite = columns.flatMap((column) => [...column.values()]).filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, value), 0);
  const unit = largest > 1 && largest <= 100 ? 100 : 1;
  const [first, second] = columns.map((column) => new Map([...column].map(([step, value]) => [step, value / unit])));
  return [first!, second!];
}

/** A loss that was not logged counts as unchanging, so that no rule fires on it. */
function score(accuracy: number, meanLoss: number | undefined, examples: number): Evaluation["train"] {
  return { examples, correct: Math.round(accuracy * examples), meanLoss: meanLoss ?? 0 };
}

function valuesByStep(series: ReadSeries | undefined): Map<number, number> {
  return new Map(series ? Array.from(series.steps, (step, i) => [step, series.values[i]!]) : []);
}

function positiveInteger(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31 ? (value as number) : null;
}

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}
