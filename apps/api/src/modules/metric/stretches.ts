import type { Points } from "./points.js";
import type { Summaries } from "./summary.js";
import { pointStretches, type Stretches } from "./thin-series.js";

/** What went wrong in a stretch, as thinSeries wants it: NaN, else +∞, else −∞, else 0. */
function nonFiniteOf(nans: number, plusInfinities: number, minusInfinities: number): number {
  if (nans > 0) return Number.NaN;
  if (plusInfinities > 0) return Number.POSITIVE_INFINITY;
  return minusInfinities > 0 ? Number.NEGATIVE_INFINITY : 0;
}

/** Summaries by ascending step, as stretches of a chart. */
export function summaryStretches(summaries: Summaries): Stretches {
  const { lastStep, lastTime, last, min, max, nans, plusInfinities, minusInfinities } = summaries;
  const nonFinite = nans.map((count, i) => nonFiniteOf(count, plusInfinities[i]!, minusInfinities[i]!));
  return { steps: lastStep, times: lastTime, values: last, min, max, nonFinite };
}

/** Summaries and points by ascending step; they have no steps in common. */
export function joinStretches(summaries: Stretches, { steps, times, values }: Points): Stretches {
  if (steps.length === 0) return summaries;
  const points = pointStretches(steps, times, values);
  const length = summaries.steps.length + steps.length;
  /** Row i of the result is row order[i] of the summaries, or where it is negative row −1 − order[i] of the points. */
  const order = new Int32Array(length);
  for (let i = 0, s = 0, p = 0; i < length; i++) {
    const isPoint = s === summaries.steps.length || (p < steps.length && steps[p]! < summaries.steps[s]!);
    order[i] = isPoint ? -1 - p++ : s++;
  }
  const join = (name: keyof Stretches) =>
    Float64Array.from(order, (row) => (row < 0 ? points[name][-1 - row]! : summaries[name][row]!));
  return {
    steps: join("steps"),
    times: join("times"),
    values: join("values"),
    min: join("min"),
    max: join("max"),
    nonFinite: join("nonFinite"),
  };
}
