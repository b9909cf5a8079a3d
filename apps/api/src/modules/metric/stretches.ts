import type { Points } from "./points.js";
import { decodeDrawn, type Summary } from "./summary.js";
import { pointStretches, type Stretches } from "./thin-series.js";

/** What went wrong in a stretch, as thinSeries wants it: NaN, else +∞, else −∞, else 0. */
function nonFiniteOf(nans: number, plusInfinities: number, minusInfinities: number): number {
  if (nans > 0) return Number.NaN;
  if (plusInfinities > 0) return Number.POSITIVE_INFINITY;
  return minusInfinities > 0 ? Number.NEGATIVE_INFINITY : 0;
}

function allocateStretches(length: number): Stretches {
  return {
    steps: new Float64Array(length),
    times: new Float64Array(length),
    values: new Float64Array(length),
    min: new Float64Array(length),
    max: new Float64Array(length),
    nonFinite: new Float64Array(length),
  };
}

/** Summaries by ascending step, as stretches of a chart. */
export function summaryStretches(summaries: readonly Summary[]): Stretches {
  const stretches = allocateStretches(summaries.length);
  for (const [i, summary] of summaries.entries()) {
    stretches.steps[i] = summary.lastStep;
    stretches.times[i] = summary.lastTime;
    stretches.values[i] = summary.last;
    stretches.min[i] = summary.min;
    stretches.max[i] = summary.max;
    stretches.nonFinite[i] = nonFiniteOf(summary.nans, summary.plusInfinities, summary.minusInfinities);
  }
  return stretches;
}

/** The buckets of a pyramid, as stretches of a chart: without an object a bucket, as charts of thousands of series read them. Throws DamagedBlockError. */
export function bucketStretches(pyramid: Buffer): Stretches {
  const { lastStep, lastTime, last, min, max, nans, plusInfinities, minusInfinities } = decodeDrawn(pyramid);
  const nonFinite = nans;
  for (let i = 0; i < nans.length; i++) nonFinite[i] = nonFiniteOf(nans[i]!, plusInfinities[i]!, minusInfinities[i]!);
  return { steps: lastStep, times: lastTime, values: last, min, max, nonFinite };
}

/** Stretches that follow each other, and points that have no steps in common with them, by ascending step. */
export function withPoints(parts: readonly Stretches[], points: Points): readonly Stretches[] {
  const { steps, times, values } = points;
  if (steps.length === 0) return parts;
  if (steps[0]! > parts.at(-1)!.steps.at(-1)!) return [...parts, pointStretches(steps, times, values)];
  return [joinStretches(concatStretches(parts), points)];
}

function joinStretches(stretches: Stretches, { steps, times, values }: Points): Stretches {
  const points = pointStretches(steps, times, values);
  const joined = allocateStretches(stretches.steps.length + steps.length);
  for (let i = 0, s = 0, p = 0; i < joined.steps.length; i++) {
    const isPoint = s === stretches.steps.length || (p < steps.length && steps[p]! < stretches.steps[s]!);
    const from = isPoint ? points : stretches;
    const at = isPoint ? p++ : s++;
    joined.steps[i] = from.steps[at]!;
    joined.times[i] = from.times[at]!;
    joined.values[i] = from.values[at]!;
    joined.min[i] = from.min[at]!;
    joined.max[i] = from.max[at]!;
    joined.nonFinite[i] = from.nonFinite[at]!;
  }
  return joined;
}

function concatStretches(parts: readonly Stretches[]): Stretches {
  if (parts.length === 1) return parts[0]!;
  const all = allocateStretches(parts.reduce((length, { steps }) => length + steps.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const name of Object.keys(all) as (keyof Stretches)[]) all[name].set(part[name], at);
    at += part.steps.length;
  }
  return all;
}
