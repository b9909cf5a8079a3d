import { defaultConfidence } from "./interval.js";
import { studentTwoSidedP, studentTwoSidedQuantile } from "./student-t.js";

/** mean(a) − mean(b) with its test; t, degreesOfFreedom, p and interval are null where there is no variance to compare with. */
export type TTest = {
  difference: number | null;
  t: number | null;
  degreesOfFreedom: number | null;
  p: number | null;
  interval: { low: number; high: number } | null;
};

/** Welch's test of two independent samples (unequal variances). NaN values are dropped. */
export function welchTTest(a: readonly number[], b: readonly number[], confidence = defaultConfidence): TTest {
  const first = a.filter((value) => !Number.isNaN(value));
  const second = b.filter((value) => !Number.isNaN(value));
  if (first.length === 0 || second.length === 0) return undecided(null);
  // A common offset keeps the digits of values that lie close together far from 0.
  const offset = first[0]!;
  const sampleA = moments(first, offset);
  const sampleB = moments(second, offset);
  const difference = sampleA.mean - sampleB.mean;
  if (first.length < 2 || second.length < 2) return undecided(difference);
  const errorA = sampleA.variance / first.length;
  const errorB = sampleB.variance / second.length;
  const degreesOfFreedom =
    (errorA + errorB) ** 2 / (errorA ** 2 / (first.length - 1) + errorB ** 2 / (second.length - 1));
  return decide(difference, Math.sqrt(errorA + errorB), degreesOfFreedom, confidence);
}

/** The paired test: a[i] belongs to b[i]. A pair with a NaN is dropped; null where the lengths differ. */
export function pairedTTest(
  a: readonly number[],
  b: readonly number[],
  confidence = defaultConfidence,
): (TTest & { pairs: number }) | null {
  if (a.length !== b.length) return null;
  const differences = a.map((value, i) => value - b[i]!).filter((difference) => !Number.isNaN(difference));
  const pairs = differences.length;
  if (pairs === 0) return { pairs, ...undecided(null) };
  const { mean, variance } = moments(differences, differences[0]!);
  const difference = mean + differences[0]!;
  if (pairs < 2) return { pairs, ...undecided(difference) };
  return { pairs, ...decide(difference, Math.sqrt(variance / pairs), pairs - 1, confidence) };
}

/** Mean of the values less `offset`, and their variance (n − 1). Variance at the size of rounding is none. */
function moments(values: readonly number[], offset: number): { mean: number; variance: number } {
  const shifted = values.map((value) => value - offset);
  const mean = shifted.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = shifted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const rounding = 4 * Number.EPSILON * Math.max(1, ...values.map(Math.abs));
  return { mean, variance: Math.sqrt(variance) <= rounding ? 0 : variance };
}

function decide(difference: number, standardError: number, degreesOfFreedom: number, confidence: number): TTest {
  if (standardError === 0) return undecided(difference);
  const t = difference / standardError;
  const half = studentTwoSidedQuantile(confidence, degreesOfFreedom) * standardError;
  return {
    difference,
    t,
    degreesOfFreedom,
    p: studentTwoSidedP(t, degreesOfFreedom),
    interval: { low: difference - half, high: difference + half },
  };
}

function undecided(difference: number | null): TTest {
  return { difference, t: null, degreesOfFreedom: null, p: null, interval: null };
}
