import { defaultConfidence, type Interval } from "./interval.js";
import { twoSidedZ } from "./normal-distribution.js";
import { checkCounts, wilsonInterval } from "./proportion-interval.js";

/**
 * k₁/n₁ − k₂/n₂ of two independent samples with Newcombe's hybrid score interval (1998, method 10, no continuity correction);
 * null where a sample is empty.
 */
export function newcombeInterval(
  k1: number,
  n1: number,
  k2: number,
  n2: number,
  confidence = defaultConfidence,
): Interval | null {
  const first = wilsonInterval(k1, n1, confidence);
  const second = wilsonInterval(k2, n2, confidence);
  if (first === null || second === null) return null;
  const estimate = first.estimate - second.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(first.estimate - first.low, second.high - second.estimate),
    high: estimate + Math.hypot(first.high - first.estimate, second.estimate - second.low),
  };
}

/**
 * Bonett and Price's adjusted Wald interval of accuracy(A) − accuracy(B) on the same n items: b = only A right, c = only B right.
 * `difference` is (b − c) / n, `estimate` the adjusted (b − c) / (n + 2) around which the interval lies. Null without items.
 */
export function bonettPriceInterval(
  b: number,
  c: number,
  n: number,
  confidence = defaultConfidence,
): (Interval & { difference: number }) | null {
  checkCounts(b + c, n);
  if (n === 0) return null;
  const onlyA = (b + 1) / (n + 2);
  const onlyB = (c + 1) / (n + 2);
  const estimate = onlyA - onlyB;
  const half = twoSidedZ(confidence) * Math.sqrt((onlyA + onlyB - estimate ** 2) / (n + 2));
  return { difference: (b - c) / n, estimate, low: Math.max(-1, estimate - half), high: Math.min(1, estimate + half) };
}
