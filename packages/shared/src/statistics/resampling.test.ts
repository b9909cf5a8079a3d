import { describe, expect, it } from "vitest";
import { aurocOneVsRest } from "./auroc.js";
import { bootstrapInterval } from "./bootstrap.js";
import { expectClose, readCases } from "./statistics-cases.fixture.js";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** E[xy] − E[x]E[y] of the drawn examples. */
function covariance(x: readonly number[], y: readonly number[]): number {
  return mean(x.map((value, i) => value * y[i]!)) - mean(x) * mean(y);
}

const statistics: Record<string, (columns: readonly (readonly number[])[]) => number> = {
  "mean of a skewed sample": ([x]) => mean(x!),
  variance: ([x]) => covariance(x!, x!),
  correlation: ([x, y]) => covariance(x!, y!) / Math.sqrt(covariance(x!, x!) * covariance(y!, y!)),
};

describe("bootstrapInterval", () => {
  const { cases, relativeTolerance } = readCases<{ name: string; columns: number[][]; low: number; high: number }>(
    "bootstrap.json",
  );
  it.each(cases)("agrees with SciPy's BCa interval of the $name but for chance", ({ name, columns, low, high }) => {
    const drawn = (indices: Uint32Array) =>
      statistics[name]!(columns.map((column) => Array.from(indices, (i) => column[i]!)));
    const interval = bootstrapInterval(columns[0]!.length, drawn, { resamples: 20_000 })!;
    expect(Math.abs(interval.low - low)).toBeLessThan(relativeTolerance * (high - low));
    expect(Math.abs(interval.high - high)).toBeLessThan(relativeTolerance * (high - low));
  });

  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const meanOf = (indices: Uint32Array) => mean(Array.from(indices, (i) => values[i]!));

  it("gives the same interval for the same seed, and another for another", () => {
    const interval = (seed: number) => bootstrapInterval(values.length, meanOf, { seed, resamples: 500 });
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1)).not.toEqual(interval(2));
  });

  it("keeps the size of every stratum", () => {
    const strata = [0, 0, 0, 1, 1, 1, 1, 1];
    const shares = new Set<number>();
    bootstrapInterval(
      values.length,
      (indices) => {
        if (indices.length === values.length) shares.add(Array.from(indices).filter((i) => strata[i] === 0).length);
        return meanOf(indices);
      },
      { strata, resamples: 200 },
    );
    expect([...shares]).toEqual([3]);
  });

  it("claims nothing for one example, nor for a statistic that is not defined, and no width where nothing varies", () => {
    expect(bootstrapInterval(1, () => 1)).toBeNull();
    expect(bootstrapInterval(5, () => Number.NaN)).toBeNull();
    expect(bootstrapInterval(5, () => 1, { resamples: 50 })).toEqual({ estimate: 1, low: 1, high: 1 });
  });
});

describe("aurocOneVsRest", () => {
  const { cases, relativeTolerance } = readCases<{
    probabilities: number[][];
    truth: number[];
    classes: number;
    perClass: number[];
    macro: number;
  }>("auroc.json");
  it.each(cases)("agrees with scikit-learn for $classes classes", ({ probabilities, truth, classes, ...expected }) => {
    expectClose(aurocOneVsRest(probabilities, truth, classes), expected, relativeTolerance);
  });

  it("has no value for a class that never or always occurs, nor for scores that are no numbers", () => {
    expect(aurocOneVsRest([[1, 0]], [0], 2)).toEqual({ perClass: [null, null], macro: null });
    expect(aurocOneVsRest([[Number.NaN], [1]], [0, 1], 1).macro).toBeNull();
  });
});
