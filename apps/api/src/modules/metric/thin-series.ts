import { takeFloats } from "./float-pool.js";

/** Rows of a chart: points, or (where min and max are given) buckets of points with their finite extremes, NaN where none is finite. */
export type SeriesColumns = {
  steps: Float64Array;
  times: Float64Array;
  values: Float64Array;
  min: Float64Array | null;
  max: Float64Array | null;
};

/**
 * A series by ascending step, in stretches: single points, or stretches that were summarised when they were stored. Step, time and value are
 * those of a stretch's last point. min, max and nonFinite speak for all its values: min and max count where they are finite, nonFinite where
 * it is not.
 */
export type Stretches = {
  steps: Float64Array;
  times: Float64Array;
  values: Float64Array;
  min: Float64Array;
  max: Float64Array;
  nonFinite: Float64Array;
};

export function pointStretches(steps: Float64Array, times: Float64Array, values: Float64Array): Stretches {
  return { steps, times, values, min: values, max: values, nonFinite: values };
}

/**
 * At most `maxPoints` (≥ 2) buckets of equal width in steps; empty ones are left out. A bucket is drawn at its last point, with that point's
 * value; but a NaN (else +∞, else −∞) among its points stands for it: that a run diverged for one step must not be thinned away. `parts` follow
 * each other.
 */
export function thinSeries(parts: readonly Stretches[], maxPoints: number): SeriesColumns {
  const first = parts[0]!.steps[0]!;
  const width = (parts.at(-1)!.steps.at(-1)! - first) / maxPoints;
  const room = Math.min(
    maxPoints,
    parts.reduce((sum, { steps }) => sum + steps.length, 0),
  );
  const memory = takeFloats(5 * room);
  const [outSteps, outTimes, outValues, outMin, outMax] = [0, 1, 2, 3, 4].map((at) =>
    memory.subarray(at * room, (at + 1) * room),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let row = -1;
  let bucket = -1;
  let worst = 0;
  for (const { steps, times, values, min, max, nonFinite } of parts)
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      const index = width > 0 ? Math.min(maxPoints - 1, Math.floor((step - first) / width)) : 0;
      if (index !== bucket) {
        bucket = index;
        row++;
        worst = 0;
        outMin[row] = Number.NaN;
        outMax[row] = Number.NaN;
      }
      const candidate = nonFinite[i]!;
      if (!Number.isFinite(candidate) && outranks(candidate, worst)) worst = candidate;
      outSteps[row] = step;
      outTimes[row] = times[i]!;
      outValues[row] = worst === 0 ? values[i]! : worst;
      const low = min[i]!;
      const high = max[i]!;
      // A comparison with NaN is false: asked this way round it lets the first finite value in.
      if (Number.isFinite(low) && !(outMin[row]! <= low)) outMin[row] = low;
      if (Number.isFinite(high) && !(outMax[row]! >= high)) outMax[row] = high;
    }
  const cut = (column: Float64Array) => column.subarray(0, row + 1);
  return { steps: cut(outSteps), times: cut(outTimes), values: cut(outValues), min: cut(outMin), max: cut(outMax) };
}

/** Whether `one` says more of what went wrong than `other` (0 stands for nothing): NaN, +∞, −∞. */
function outranks(one: number, other: number): boolean {
  return Number.isNaN(one) || (!Number.isNaN(other) && (other === 0 || one > other));
}
