import type { MetricPair } from "@residual/shared";
import type { ReadSeries } from "../metric/read-series.js";

/** One metric on both splits at one step. time: milliseconds since 1970. */
export type PairedPoint = { step: number; time: number; train: number; val: number };

/**
 * A pair's series side by side: each val point with the last train point since the val point before. Trainers log train more often than val, and
 * not always at the same steps; a train value from before the last evaluation is of other weights, and stands for none.
 */
export function joinPair({ train, val }: MetricPair, series: ReadonlyMap<string, ReadSeries>): PairedPoint[] {
  const [ofTrain, ofVal] = [series.get(train), series.get(val)];
  if (!ofTrain || !ofVal) return [];
  const joined: PairedPoint[] = [];
  let row = -1;
  let since = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < ofVal.steps.length; i++) {
    const step = ofVal.steps[i]!;
    while (row + 1 < ofTrain.steps.length && ofTrain.steps[row + 1]! <= step) row++;
    if (row >= 0 && ofTrain.steps[row]! > since)
      joined.push({ step, time: ofVal.times[i]!, train: ofTrain.values[row]!, val: ofVal.values[i]! });
    since = step;
  }
  return joined;
}
