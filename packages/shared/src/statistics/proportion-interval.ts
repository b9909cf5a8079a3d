import { regularizedBetaQuantile } from "./incomplete-beta.js";
import { defaultConfidence, type Interval } from "./interval.js";
import { twoSidedZ } from "./normal-distribution.js";

/** Wilson's score interval of successes / trials; null without trials. Throws RangeError for counts that cannot be. */
export function wilsonInterval(successes: number, trials: number, confidence = defaultConfidence): Interval | null {
  checkCounts(successes, trials);
  if (trials === 0) return null;
  const z = twoSidedZ(confidence);
  const estimate = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const center = (estimate + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((estimate * (1 - estimate)) / trials + (z * z) / (4 * trials * trials));
  // The formula gives 0 and 1 here but for rounding.
  return { estimate, low: successes === 0 ? 0 : center - half, high: successes === trials ? 1 : center + half };
}

/** Clopper and Pearson's interval from the binomial tails: never covers less than it claims, mostly wider than Wilson's. */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  confidence = defaultConfidence,
): Interval | null {
  checkCounts(successes, trials);
  if (trials === 0) return null;
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    estimate: successes / trials,
    low: successes === 0 ? 0 : regularizedBetaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : 1 - regularizedBetaQuantile(tail, failures, successes + 1),
  };
}

export function checkCounts(successes: number, trials: number): void {
  if (Number.isInteger(successes) && Number.isInteger(trials) && successes >= 0 && successes <= trials) return;
  throw new RangeError(
    `${successes} of ${trials} are no counts: whole numbers are needed, and no more successes than trials.`,
  );
}
