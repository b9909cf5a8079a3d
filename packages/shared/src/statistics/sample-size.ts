import { normalQuantile, twoSidedZ } from "./normal-distribution.js";

type Power = { alpha?: number; power?: number };

/** Examples of each group to tell two independent accuracies apart (two-sided): with the pooled variance under no difference, and without. Exact, not rounded. */
export function examplesForTwoProportions(
  p1: number,
  p2: number,
  { alpha = 0.05, power = 0.8 }: Power = {},
): { pooled: number; unpooled: number } {
  const za = twoSidedZ(1 - alpha);
  const zb = normalQuantile(power);
  const mean = (p1 + p2) / 2;
  const variance = p1 * (1 - p1) + p2 * (1 - p2);
  return {
    pooled: ((za * Math.sqrt(2 * mean * (1 - mean)) + zb * Math.sqrt(variance)) / (p1 - p2)) ** 2,
    unpooled: ((za + zb) ** 2 * variance) / (p1 - p2) ** 2,
  };
}

/**
 * Items on which two models must both be scored so that McNemar's test finds a true difference `delta` of their accuracies, where
 * `discordance` is the part of items that exactly one of them gets right. Exact, not rounded. Throws RangeError if delta exceeds it.
 */
export function examplesForPairedDifference(
  delta: number,
  discordance: number,
  { alpha = 0.05, power = 0.8 }: Power = {},
): number {
  if (Math.abs(delta) > discordance)
    throw new RangeError(`A difference of ${delta} cannot come from a discordance of ${discordance}.`);
  const spread =
    twoSidedZ(1 - alpha) * Math.sqrt(discordance) + normalQuantile(power) * Math.sqrt(discordance - delta ** 2);
  return (spread / delta) ** 2;
}

/**
 * The smallest true difference that McNemar's test on so many items finds with this power; null where even the largest possible is too small.
 * It solves n·δ² = (z_α·√ψ + z_β·√(ψ − δ²))² of examplesForPairedDifference for δ: a quadratic, of which this is the root with that sign of z_β.
 */
export function detectableDifference(examples: number, discordance: number, power: Power = {}): number | null {
  if (discordance <= 0 || examplesForPairedDifference(discordance, discordance, power) > examples) return null;
  const ofLevel = twoSidedZ(1 - (power.alpha ?? 0.05));
  const ofPower = normalQuantile(power.power ?? 0.8);
  const root = Math.sqrt(Math.max(0, examples + ofPower ** 2 - ofLevel ** 2));
  return (Math.sqrt(discordance) * (ofLevel * Math.sqrt(examples) + ofPower * root)) / (examples + ofPower ** 2);
}

/** Runs a side to show P(A > B) = gamma (Noether 1987, one-sided alpha). Exact, not rounded. */
export function runsForSuperiority(
  gamma: number,
  { alphaOneSided = 0.05, beta = 0.05 }: { alphaOneSided?: number; beta?: number } = {},
): number {
  return (normalQuantile(1 - alphaOneSided) + normalQuantile(1 - beta)) ** 2 / (6 * (0.5 - gamma) ** 2);
}

/** Examples for which an accuracy is known to ± halfWidth (normal approximation). Exact, not rounded. */
export function examplesForPrecision(accuracy: number, halfWidth: number, confidence = 0.95): number {
  return (twoSidedZ(confidence) ** 2 * accuracy * (1 - accuracy)) / halfWidth ** 2;
}
