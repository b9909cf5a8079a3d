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
 * value; but a NaN (else +∞, else −∞) among its points stands for it: that a run diverged for one step must not be thinned away.
 */
export function thinSeries(series: Stretches, maxPoints: number): SeriesColumns {
  const { steps } = series;
  const first = steps[0]!;
  const width = (steps[steps.length - 1]! - first) / maxPoints;
  const room = Math.min(maxPoints, steps.length);
  const out = {
    steps: new Float64Array(room),
    times: new Float64Array(room),
    values: new Float64Array(room),
    min: new Float64Array(room),
    max: new Float64Array(room),
  };
  let row = -1;
  let bucket = -1;
  let nonFinite = 0;
  for (let i = 0; i < steps.length; i++) {
    const index = width > 0 ? Math.min(maxPoints - 1, Math.floor((steps[i]! - first) / width)) : 0;
    if (index !== bucket) {
      bucket = index;
      row++;
      nonFinite = 0;
      out.min[row] = Number.NaN;
      out.max[row] = Number.NaN;
    }
    const candidate = series.nonFinite[i]!;
    if (!Number.isFinite(candidate) && outranks(candidate, nonFinite)) nonFinite = candidate;
    out.steps[row] = steps[i]!;
    out.times[row] = series.times[i]!;
    out.values[row] = nonFinite === 0 ? series.values[i]! : nonFinite;
    const min = series.min[i]!;
    const max = series.max[i]!;
    // A comparison with NaN is false: asked this way round it lets the first finite value in.
    if (Number.isFinite(min) && !(out.min[row]! <= min)) out.min[row] = min;
    if (Number.isFinite(max) && !(out.max[row]! >= max)) out.max[row] = max;
  }
  const cut = (column: Float64Array) => column.subarray(0, row + 1);
  return {
    steps: cut(out.steps),
    times: cut(out.times),
    values: cut(out.values),
    min: cut(out.min),
    max: cut(out.max),
  };
}

/** Whether `one` says more of what went wrong than `other` (0 stands for nothing): NaN, +∞, −∞. */
function outranks(one: number, other: number): boolean {
  return Number.isNaN(one) || (!Number.isNaN(other) && (other === 0 || one > other));
}
