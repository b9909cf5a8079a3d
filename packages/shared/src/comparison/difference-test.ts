import { bonettPriceInterval, newcombeInterval } from "../statistics/difference-interval.js";
import { mcnemarTest } from "../statistics/mcnemar.js";
import { normalQuantile, normalUpperTail, twoSidedZ } from "../statistics/normal-distribution.js";
import {
  detectableDifference,
  examplesForPairedDifference,
  examplesForTwoProportions,
} from "../statistics/sample-size.js";
import { runsForPower } from "../statistics/t-test-power.js";
import { pairedTTest, type TTest, welchTTest } from "../statistics/t-tests.js";

const significance = 0.05;

export type TestMethod =
  | "MCNEMAR_EXACT"
  | "MCNEMAR_MID_P"
  | "MCNEMAR_CHI_SQUARED"
  | "INDEPENDENT_PROPORTIONS"
  | "PAIRED_T"
  | "WELCH_T";

/** Val accuracy of a candidate less that of the baseline, as fractions, with 95 % interval and two-sided p. */
export type DifferenceTest = {
  method: TestMethod;
  onlyRunRight: number | null;
  onlyBaselineRight: number | null;
  estimate: number;
  low: number;
  high: number;
  pValue: number;
  /** Val images that were compared; for tests over seeds, runs. */
  examples: number;
  /** The smallest true difference that this test finds with 80 % power; null where it cannot be said. */
  detectableDifference: number | null;
  /**
   * How many examples (runs a side, for tests over seeds) this test needs to find a true difference of the size observed with 80 % power;
   * null where it has
   * found it, and where it cannot be said: no difference was seen, or a thousand runs are too few.
   */
  neededExamples: number | null;
};

/** For each image 1 where the prediction is its label. Throws RangeError where the lengths differ. */
export function correctness(predictions: ArrayLike<number>, labels: ArrayLike<number>): Uint8Array {
  if (predictions.length !== labels.length) {
    throw new RangeError(`${predictions.length} predictions do not belong to ${labels.length} labels.`);
  }
  return Uint8Array.from({ length: labels.length }, (_, i) => (predictions[i] === labels[i] ? 1 : 0));
}

/**
 * Two models on the same images (1 = right): McNemar's mid-p test, which keeps its level and is less timid than the exact one
 * (Fagerland 2013), with Bonett and Price's interval. Null for lengths that differ, and without images.
 */
export function comparePaired(run: ArrayLike<number>, baseline: ArrayLike<number>): DifferenceTest | null {
  const examples = run.length;
  if (examples === 0 || baseline.length !== examples) return null;
  let onlyRunRight = 0;
  let onlyBaselineRight = 0;
  for (let i = 0; i < examples; i++) {
    if (run[i]! > baseline[i]!) onlyRunRight++;
    else if (run[i]! < baseline[i]!) onlyBaselineRight++;
  }
  const { difference, low, high } = bonettPriceInterval(onlyRunRight, onlyBaselineRight, examples)!;
  const pValue = mcnemarTest(onlyRunRight, onlyBaselineRight).midP;
  return {
    method: "MCNEMAR_MID_P",
    onlyRunRight,
    onlyBaselineRight,
    estimate: difference,
    low,
    high,
    pValue,
    examples,
    detectableDifference: detectableDifference(examples, (onlyRunRight + onlyBaselineRight) / examples),
    neededExamples: isFound(pValue)
      ? null
      : neededImages((onlyRunRight - onlyBaselineRight) / examples, (onlyRunRight + onlyBaselineRight) / examples),
  };
}

type Counts = { correct: number; examples: number };

/**
 * Two models on images of which it is not known that they are the same, taken as independent samples: Newcombe's interval, p of the pooled
 * z-test. On the same images this is wider than it need be, never narrower. Null without images.
 */
export function compareIndependent(run: Counts, baseline: Counts): DifferenceTest | null {
  const interval = newcombeInterval(run.correct, run.examples, baseline.correct, baseline.examples);
  if (interval === null) return null;
  const pooled = (run.correct + baseline.correct) / (run.examples + baseline.examples);
  const pooledError = Math.sqrt(pooled * (1 - pooled) * (1 / run.examples + 1 / baseline.examples));
  const variance = ({ correct, examples }: Counts) => ((correct / examples) * (1 - correct / examples)) / examples;
  const error = Math.sqrt(variance(run) + variance(baseline));
  const pValue = pooledError === 0 ? 1 : 2 * normalUpperTail(Math.abs(interval.estimate) / pooledError);
  return {
    method: "INDEPENDENT_PROPORTIONS",
    onlyRunRight: null,
    onlyBaselineRight: null,
    ...interval,
    pValue,
    examples: Math.min(run.examples, baseline.examples),
    detectableDifference: error === 0 ? null : (twoSidedZ(0.95) + normalQuantile(0.8)) * error,
    neededExamples: isFound(pValue)
      ? null
      : neededOfEach(run.correct / run.examples, baseline.correct / baseline.examples),
  };
}

/** Accuracies of several seeds on both sides: paired where run[i] and baseline[i] share a seed, else Welch. Null where a t-test says nothing. */
export function compareSeeds(
  run: readonly number[],
  baseline: readonly number[],
  shareSeeds: boolean,
): DifferenceTest | null {
  const test = shareSeeds ? pairedTTest(run, baseline) : welchTTest(run, baseline);
  if (test === null || test.difference === null || test.p === null || test.interval === null) return null;
  return {
    method: shareSeeds ? "PAIRED_T" : "WELCH_T",
    onlyRunRight: null,
    onlyBaselineRight: null,
    estimate: test.difference,
    ...test.interval,
    pValue: test.p,
    examples: Math.min(run.length, baseline.length),
    detectableDifference: null,
    neededExamples: neededRuns(test, Math.min(run.length, baseline.length), shareSeeds),
  };
}

function isFound(pValue: number): boolean {
  return pValue < significance;
}

function neededImages(difference: number, discordance: number): number | null {
  return difference === 0 ? null : Math.ceil(examplesForPairedDifference(difference, discordance));
}

function neededOfEach(accuracy: number, other: number): number | null {
  return accuracy === other ? null : Math.ceil(examplesForTwoProportions(accuracy, other).unpooled);
}

/** By the effect that the test itself saw: t = effect · √n where paired, effect · √(n / 2) of two sides. */
function neededRuns({ t, p }: TTest, runs: number, paired: boolean): number | null {
  if (t === null || p === null || isFound(p)) return null;
  return runsForPower({ effect: Math.abs(t) / Math.sqrt(paired ? runs : runs / 2), paired });
}
