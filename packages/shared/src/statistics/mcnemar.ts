import { logBeta } from "./log-gamma.js";
import { normalUpperTail } from "./normal-distribution.js";

/** Two-sided p-values of McNemar's test. chiSquared (with continuity correction) is null where b = c, for which it is not defined. */
export type McNemarTest = { exactP: number; midP: number; chiSquared: { statistic: number; p: number } | null };

/**
 * Whether two models err equally often on the same items: b = only A right, c = only B right. Under that hypothesis b ~ Bin(b + c, ½).
 * Without a discordant item both p are 1.
 */
export function mcnemarTest(b: number, c: number): McNemarTest {
  if (![b, c].every((count) => Number.isInteger(count) && count >= 0))
    throw new RangeError(`${b} and ${c} are no counts.`);
  if (b === c) return { exactP: 1, midP: 1, chiSquared: null };
  const discordant = b + c;
  const fewer = Math.min(b, c);
  const atFewer = binomialHalf(fewer, discordant);
  let upToFewer = 0;
  for (let k = fewer, probability = atFewer; k >= 0 && probability > 0; k--) {
    upToFewer += probability;
    probability *= k / (discordant - k + 1);
  }
  const statistic = (Math.abs(b - c) - 1) ** 2 / discordant;
  return {
    exactP: Math.min(1, 2 * upToFewer),
    midP: Math.min(1, 2 * upToFewer - atFewer),
    chiSquared: { statistic, p: 2 * normalUpperTail(Math.sqrt(statistic)) },
  };
}

/** P(X = k) for X ~ Bin(n, ½). */
function binomialHalf(k: number, n: number): number {
  return Math.exp(-logBeta(k + 1, n - k + 1) - Math.log(n + 1) - n * Math.LN2);
}
