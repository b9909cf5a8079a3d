import { type Evaluation, type GapMeasure, type GapPairs, measureOf } from "@residual/shared";
import type { Pool } from "pg";
import { toRead } from "../metric/metric.loader.js";
import { type ReadSeries, readSeries } from "../metric/read-series.js";
import type { Run } from "../run/run.entity.js";
import { joinPair } from "./join-pair.js";
import { positiveInteger } from "./positive-integer.js";
import type { SeriesNames } from "./series-names.js";
import { sharesOf } from "./shares-of-pair.js";

/**
 * Evaluations put together from a run's series. `measure`: what their "correct" stands for; with LOSS they count no images. `counted`: whether
 * accuracies come with the numbers of images behind them. `running`: the train metric was measured while training, as far as is known. `times`:
 * milliseconds since 1970, one an evaluation.
 */
export type SeriesEvaluations = {
  evaluations: Evaluation[];
  times: number[];
  measure: GapMeasure;
  counted: boolean;
  valExamples: number | null;
  running: boolean;
  pairs: GapPairs;
};

/** Stands for an unknown number of images: rounds an accuracy to a millionth. Whatever follows from it must carry no interval. */
const UNCOUNTED = 1_000_000;

/** Of a longer series, as many buckets: a loss that is logged at each of a million steps must not be read whole for one verdict. */
const MAX_POINTS = 2_000;

/**
 * For runs that logged series instead of evaluations: one evaluation for each val point that has a train point since the one before. Which
 * series those are, `names` says by run id; without an accuracy, an error rate or another score, the losses alone. Values in percent are taken
 * as such. The epoch is the step, unless config.stepsPerEpoch says how many make one; config.trainExamples and config.valExamples give the
 * numbers of images.
 */
export async function evaluationsFromSeries(
  pool: Pool,
  runs: readonly Run[],
  names: ReadonlyMap<string, Pick<SeriesNames, "pairs">>,
): Promise<Map<string, SeriesEvaluations>> {
  const found = new Map<string, SeriesEvaluations>();
  const paired = runs.filter((run) => keysOf(names.get(run.id)?.pairs).length > 0);
  if (paired.length === 0) return found;
  const keys = [...new Set(paired.flatMap((run) => keysOf(names.get(run.id)?.pairs)))];
  const series = await readSeries(pool, {
    runs: paired.map(toRead),
    keys,
    from: null,
    to: null,
    maxPoints: MAX_POINTS,
  });
  const byRun = new Map<string, Map<string, ReadSeries>>();
  for (const one of series) byRun.set(one.runId, (byRun.get(one.runId) ?? new Map()).set(one.key, one));
  for (const run of paired) {
    const made = joinSeries(run, byRun.get(run.id) ?? new Map(), names.get(run.id)!.pairs);
    if (made.evaluations.length > 0) found.set(run.id, made);
  }
  return found;
}

function keysOf(pairs: GapPairs | undefined): string[] {
  return [pairs?.accuracy, pairs?.loss].flatMap((pair) => (pair ? [pair.train, pair.val] : []));
}

type Row = { step: number; time: number; train: number | null; val: number | null };

function joinSeries(run: Run, series: Map<string, ReadSeries>, pairs: GapPairs): SeriesEvaluations {
  const trainExamples = positiveInteger(run.config.trainExamples);
  const valExamples = positiveInteger(run.config.valExamples);
  const stepsPerEpoch = positiveInteger(run.config.stepsPerEpoch) ?? 1;
  const shares = pairs.accuracy ? sharesOf(pairs.accuracy, joinPair(pairs.accuracy, series)) : [];
  const losses = pairs.loss ? joinPair(pairs.loss, series) : [];
  const measure = shares.length === 0 ? "LOSS" : measureOf(pairs.accuracy!) === "SCORE" ? "SCORE" : "ACCURACY";
  const rows: Row[] =
    measure === "LOSS" ? losses.map(({ step, time }) => ({ step, time, train: null, val: null })) : shares;
  const loss = lossAt(losses);
  return {
    evaluations: rows.map(({ step, train, val }) => {
      const lossesThere = loss(step);
      return {
        epoch: step / stepsPerEpoch,
        step,
        train: score(train, lossesThere.train, trainExamples),
        val: score(val, lossesThere.val, valExamples),
      };
    }),
    times: rows.map(({ time }) => time),
    measure,
    counted: measure === "ACCURACY" && trainExamples !== null && valExamples !== null,
    valExamples,
    running: run.config.trainMetrics !== "evaluation",
    pairs: { accuracy: shares.length === 0 ? null : pairs.accuracy, loss: losses.length === 0 ? null : pairs.loss },
  };
}

function score(share: number | null, meanLoss: number, counted: number | null): Evaluation["train"] {
  const examples = share === null ? 0 : (counted ?? UNCOUNTED);
  return { examples, correct: Math.round((share ?? 0) * examples), meanLoss };
}

/**
 * The losses at steps that are asked for in ascending order; where none was logged at a step, the last before it (the first, before any).
 * Without losses none changes, so that no rule fires on them.
 */
function lossAt(losses: readonly { step: number; train: number; val: number }[]) {
  let row = 0;
  return (step: number): { train: number; val: number } => {
    while (row + 1 < losses.length && losses[row + 1]!.step <= step) row++;
    return losses[row] ?? { train: 0, val: 0 };
  };
}
