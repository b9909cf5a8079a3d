import { type Interval, wilsonInterval } from "@residual/shared";
import type { Context } from "../../context.js";
import { experimentById } from "../experiment/experiment.loader.js";
import { toRead } from "../metric/metric.loader.js";
import { readSeries } from "../metric/read-series.js";
import type { Run } from "../run/run.entity.js";
import { curvesOfRun } from "./curves.loader.js";
import type { SeriesScore } from "./curves.type.js";
import { positiveInteger } from "./positive-integer.js";

/**
 * What a run's series tell at the step that is best by its experiment's selection metric, or by the other one where that was not logged on
 * val. A value that was not logged at that very step is the last one before it. Null where neither was logged on val.
 */
export async function seriesScore(context: Context, run: Run): Promise<SeriesScore | null> {
  const [{ accuracy, loss, accuracyInPercent }, experiment] = await Promise.all([
    context.load(curvesOfRun).load(run),
    context.load(experimentById).load(run.experimentId),
  ]);
  const keys = [accuracy.train, accuracy.val, loss.train, loss.val].filter((key) => key !== null);
  if (accuracy.val === null && loss.val === null) return null;
  const series = await readSeries(context.pool, { runs: [toRead(run)], keys, from: null, to: null, maxPoints: null });
  const points = (key: string | null) => series.find((one) => one.key === key) ?? null;
  const [valAccuracy, valLoss] = [points(accuracy.val), points(loss.val)];
  const byLoss = experiment?.selectionMetric === "val/loss" ? valLoss !== null : valAccuracy === null;
  const chosen = byLoss ? valLoss : valAccuracy;
  const best = chosen && bestRow(chosen.values, byLoss ? -1 : 1);
  if (!chosen || best === null) return null;
  const step = chosen.steps[best]!;
  const share = (key: string | null, examples: unknown) => {
    const value = valueAt(points(key), step);
    return value === null ? null : estimate(accuracyInPercent ? value / 100 : value, positiveInteger(examples));
  };
  return {
    epoch: step / (positiveInteger(run.config.stepsPerEpoch) ?? 1),
    step,
    trainAccuracy: share(accuracy.train, run.config.trainExamples),
    valAccuracy: share(accuracy.val, run.config.valExamples),
    trainLoss: valueAt(points(loss.train), step),
    valLoss: valueAt(valLoss, step),
  };
}

type Points = { readonly steps: ArrayLike<number>; readonly values: ArrayLike<number> };

/** The first row of the largest (or, with -1, the smallest) finite value. */
function bestRow(values: ArrayLike<number>, sign: 1 | -1): number | null {
  let best: number | null = null;
  for (let row = 0; row < values.length; row++) {
    if (Number.isFinite(values[row]) && (best === null || sign * values[row]! > sign * values[best]!)) best = row;
  }
  return best;
}

function valueAt(points: Points | null, step: number): number | null {
  let value: number | null = null;
  for (let row = 0; points && row < points.steps.length && points.steps[row]! <= step; row++)
    value = points.values[row]!;
  return value;
}

/** A share of an unknown number of images carries no interval; what is no share is not shown as one. */
function estimate(
  share: number,
  examples: number | null,
): (Pick<Interval, "estimate"> & { low: number | null; high: number | null }) | null {
  if (!(share >= 0 && share <= 1)) return null;
  const interval = examples === null ? null : wilsonInterval(Math.round(share * examples), examples);
  return interval ?? { estimate: share, low: null, high: null };
}
