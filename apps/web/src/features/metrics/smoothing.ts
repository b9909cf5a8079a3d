/**
 * Exponential moving average with the start-up bias divided out (Kingma & Ba 2015, §3: m̂ₜ = mₜ / (1 − βᵗ)), so that the first
 * point of a smoothed line is the first point itself. Values that are not finite are passed through and leave the average alone.
 *
 * @param weight β, 0 (no smoothing) to just below 1
 * @returns as many values as came in
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const smoothed = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      smoothed[i] = value;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    smoothed[i] = average / (1 - remaining);
  }
  return smoothed;
}
