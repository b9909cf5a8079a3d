import type { Evaluation } from "@residual/shared";
import type { Pool } from "pg";
import { toRead } from "../metric/metric.loader.js";
import { type ReadSeries, readSeries } from "../metric/read-series.js";
import type { Run } from "../run/run.entity.js";

/** Evaluations put together from a run's series. `counted`: whether accuracies come with the numbers of images behind them. */
export type SeriesEvaluations = { evaluations: Evaluation[]; counted: boolean };

const keys = ["train/accuracy", "val/accuracy", "train/loss", "val/loss"];
/** Stands for an unknown number of images: rounds an accuracy to a millionth. Whatever follows from it must carry no interval. */
const UNCOUNTED = 1_000_000;

/**
 * For runs that logged the four series instead of evaluations: one for each step at which train and val accuracy coincide. The epoch is the
 * step, unless config.stepsPerEpoch says how many make one; config.trainExamples and config.valExamples give the numbers of images.
 */
export async function evaluationsFromSeries(pool: Pool, runs: Run[]): Promise<Map<string, SeriesEvaluations>> {
  const request = { runs: runs.map(toRead), keys, from: null, to: null, maxPoints: null };
  const series = runs.length > 0 ? await readSeries(pool, request) : [];
  const byRun = new Map<string, Map<string, ReadSeries>>();
  for (const one of series) byRun.set(one.runId, (byRun.get(one.runId) ?? new Map()).set(one.key, one));
  const found = new Map<string, SeriesEvaluations>();
  for (const run of runs) {
    const made = joinSeries(run, byRun.get(run.id) ?? new Map());
    if (made.evaluations.length > 0) found.set(run.id, made);
  }
  return found;
}

function joinSeries(run: Run, series: Map<string, ReadSeries>): SeriesEvaluations {
  const [trainAccuracy, valAccuracy, trainLoss, valLoss] = keys.map((key) => valuesByStep(series.get(key)));
  const trainExamples = positiveInteger(run.config.trainExamples);
  const valExamples = positiveInteger(run.config.valExamples);
  const stepsPerEpoch = positiveInteger(run.config.stepsPerEpoch) ?? 1;
  const evaluations: Evaluation[] = [];
  for (const [step, accuracy] of trainAccuracy!) {
    const val = valAccuracy!.get(step);
    if (val === undefined || !isFraction(accuracy) || !isFraction(val)) continue;
    evaluations.push({
      epoch: step / stepsPerEpoch,
      step,
      train: score(accuracy, trainLoss!.get(step), trainExamples ?? UNCOUNTED),
      val: score(val, valLoss!.get(step), valExamples ?? UNCOUNTED),
    });
  }
  return { evaluations, counted: trainExamples !== null && valExamples !== null };
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
