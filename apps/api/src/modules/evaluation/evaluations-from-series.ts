import { areInPercent, type Evaluation, type GapPairs, type MetricPair } from "@residual/shared";
import type { Pool } from "pg";
import { toRead } from "../metric/metric.loader.js";
import { type ReadSeries, readSeries } from "../metric/read-series.js";
import type { Run } from "../run/run.entity.js";
import { positiveInteger } from "./positive-integer.js";
import { findSeriesNames } from "./series-names.js";

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
  const pairs = new Map([...(await findSeriesNames(pool, runs))].map(([id, names]) => [id, names.pairs]));
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

/** Both as fractions. */
function accuracies(
  { train, val }: MetricPair,
  series: Map<string, ReadSeries>,
): [Map<number, number>, Map<number, number>] {
  const columns = [train, val].map((key) => valuesByStep(series.get(key)));
  const finite = columns.flatMap((column) => [...column.values()]).filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, value), 0);
  const unit = areInPercent(largest) ? 100 : 1;
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

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}
