import { describe, expect, it } from "vitest";
import { bonettPriceInterval, newcombeInterval } from "./difference-interval.js";
import { mcnemarTest } from "./mcnemar.js";
import { clopperPearsonInterval, wilsonInterval } from "./proportion-interval.js";
import { expectClose, readCases } from "./statistics-cases.fixture.js";

type Bounds = [number, number] | null;
const bounds = (interval: { low: number; high: number } | null): Bounds => interval && [interval.low, interval.high];

describe("the interval of a proportion", () => {
  const { cases, relativeTolerance } = readCases<{
    k: number;
    n: number;
    confidence: number;
    wilson: Bounds;
    clopperPearson: Bounds;
    error?: true;
  }>("proportion-interval.json");
  it.each(cases)("$k of $n at $confidence", ({ k, n, confidence, wilson, clopperPearson, error }) => {
    if (error) {
      expect(() => wilsonInterval(k, n, confidence)).toThrow(RangeError);
      expect(() => clopperPearsonInterval(k, n, confidence)).toThrow(RangeError);
      return;
    }
    expectClose(bounds(wilsonInterval(k, n, confidence)), wilson, relativeTolerance);
    expectClose(bounds(clopperPearsonInterval(k, n, confidence)), clopperPearson, relativeTolerance);
  });

  it("is exactly 0 at none and exactly 1 at all", () => {
    expect(wilsonInterval(0, 7)!.low).toBe(0);
    expect(wilsonInterval(7, 7)!.high).toBe(1);
    expect(clopperPearsonInterval(0, 7)!.low).toBe(0);
    expect(clopperPearsonInterval(7, 7)!.high).toBe(1);
  });
});

describe("the interval of a difference", () => {
  const independent = readCases<{
    k1: number;
    n1: number;
    k2: number;
    n2: number;
    confidence: number;
    difference: number | null;
    interval: Bounds;
  }>("difference-interval.json");
  it.each(independent.cases)(
    "of independent samples: $k1/$n1 − $k2/$n2",
    ({ k1, n1, k2, n2, confidence, difference, interval }) => {
      const result = newcombeInterval(k1, n1, k2, n2, confidence);
      expectClose(result?.estimate ?? null, difference, independent.relativeTolerance);
      expectClose(bounds(result), interval, independent.relativeTolerance);
    },
  );

  const paired = readCases<{
    b: number;
    c: number;
    n: number;
    confidence: number;
    difference: number | null;
    estimate: number | null;
    interval: Bounds;
  }>("paired-difference-interval.json");
  it.each(paired.cases)(
    "of paired answers: $b against $c of $n",
    ({ b, c, n, confidence, difference, estimate, interval }) => {
      const result = bonettPriceInterval(b, c, n, confidence);
      expectClose(result?.difference ?? null, difference, paired.relativeTolerance);
      expectClose(result?.estimate ?? null, estimate, paired.relativeTolerance);
      expectClose(bounds(result), interval, paired.relativeTolerance);
    },
  );
});

describe("McNemar's test", () => {
  const { cases, relativeTolerance } = readCases<{
    b: number;
    c: number;
    exactP: number;
    midP: number;
    chiSquareContinuity?: number;
    chiSquareP?: number;
  }>("mcnemar.json");
  it.each(cases)("of $b against $c", ({ b, c, exactP, midP, chiSquareContinuity, chiSquareP }) => {
    const test = mcnemarTest(b, c);
    expectClose([test.exactP, test.midP], [exactP, midP], relativeTolerance);
    if (chiSquareP === undefined) expect(test.chiSquared).toBeNull();
    else expectClose(test.chiSquared, { statistic: chiSquareContinuity, p: chiSquareP }, relativeTolerance);
  });

  it("does not care which model is called A, and refuses what is no count", () => {
    expect(mcnemarTest(8, 2)).toEqual(mcnemarTest(2, 8));
    expect(() => mcnemarTest(-1, 2)).toThrow(RangeError);
  });
});
