import { hashSeed, Random } from "../random/random.js";
import { defaultConfidence, type Interval } from "./interval.js";
import { normalQuantile, normalUpperTail } from "./normal-distribution.js";

/** strata[i]: the group (class) of example i, whose size every resample keeps; null resamples all examples alike. */
export type BootstrapOptions = {
  resamples?: number;
  seed?: number;
  confidence?: number;
  strata?: ArrayLike<number> | null;
};

/** Of the examples with these indices (with repetition): any number, NaN where it is not defined. Paired data share an index. */
export type IndexStatistic = (indices: Uint32Array) => number;

/**
 * Bias-corrected and accelerated bootstrap interval (Efron 1987, "Better Bootstrap Confidence Intervals"; acceleration by the jackknife).
 * The same seed gives the same interval on every machine. Costs `resamples` + `examples` calls of the statistic. Null for fewer than two
 * examples, and where the statistic is undefined on the examples or on half of the resamples. A statistic that never varies has an
 * interval of no width: resampling cannot know what it has not seen.
 */
export function bootstrapInterval(
  examples: number,
  statistic: IndexStatistic,
  { resamples = 10_000, seed = 0, confidence = defaultConfidence, strata = null }: BootstrapOptions = {},
): Interval | null {
  const all = Uint32Array.from({ length: examples }, (_, i) => i);
  const estimate = examples < 2 ? Number.NaN : statistic(all);
  if (!Number.isFinite(estimate)) return null;
  const values = resample(all, statistic, resamples, seed, strata);
  if (values.length * 2 < resamples) return null;
  const below = values.reduce((sum, value) => sum + (value < estimate ? 1 : value === estimate ? 0.5 : 0), 0);
  if (values[0] === estimate && values.at(-1) === estimate) return { estimate, low: estimate, high: estimate };
  // Half a resample from the ends: a bias correction of infinite size would say nothing.
  const share = Math.min(Math.max(below, 0.5), values.length - 0.5) / values.length;
  const bias = normalQuantile(share);
  const acceleration = jackknifeAcceleration(all, statistic);
  const end = (probability: number) => {
    const z = bias + normalQuantile(probability);
    return quantile(values, 1 - normalUpperTail(bias + z / (1 - acceleration * z)));
  };
  return { estimate, low: end((1 - confidence) / 2), high: end((1 + confidence) / 2) };
}

/** The finite values of the statistic on resamples, ascending. */
function resample(
  all: Uint32Array,
  statistic: IndexStatistic,
  resamples: number,
  seed: number,
  strata: ArrayLike<number> | null,
): Float64Array {
  const random = new Random(hashSeed(seed, "bootstrap"));
  const groups = strata === null ? [all] : groupsOf(all, strata);
  const drawn = new Uint32Array(all.length);
  const values: number[] = [];
  for (let k = 0; k < resamples; k++) {
    let next = 0;
    for (const group of groups) {
      for (let i = 0; i < group.length; i++) drawn[next++] = group[random.integer(group.length)]!;
    }
    const value = statistic(drawn);
    if (Number.isFinite(value)) values.push(value);
  }
  return Float64Array.from(values).sort();
}

function groupsOf(all: Uint32Array, strata: ArrayLike<number>): Uint32Array[] {
  const groups = new Map<number, number[]>();
  for (const index of all) {
    const group = groups.get(strata[index]!);
    if (group) group.push(index);
    else groups.set(strata[index]!, [index]);
  }
  return [...groups.values()].map((group) => Uint32Array.from(group));
}

/** Σ(m − θᵢ)³ / 6(Σ(m − θᵢ)²)^1.5 over the statistic θᵢ without example i, m their mean; 0 where it does not vary. */
function jackknifeAcceleration(all: Uint32Array, statistic: IndexStatistic): number {
  const rest = all.slice(1);
  const values: number[] = [];
  for (let left = 0; left < all.length; left++) {
    if (left > 0) rest[left - 1] = left - 1;
    const value = statistic(rest);
    if (Number.isFinite(value)) values.push(value);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = values.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Linear between the order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, probability: number): number {
  const place = Math.min(Math.max(probability, 0), 1) * (sorted.length - 1);
  const lower = Math.floor(place);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower]! + (place - lower) * (sorted[upper]! - sorted[lower]!);
}
