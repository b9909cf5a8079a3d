import { describe, expect, it } from "vitest";
import { holmAdjust } from "./holm.js";
import { spearman } from "./rank-correlation.js";
import {
  detectableDifference,
  examplesForPairedDifference,
  examplesForPrecision,
  examplesForTwoProportions,
  runsForSuperiority,
} from "./sample-size.js";
import { expectClose, readCases } from "./statistics-cases.fixture.js";
import { signFlipP, superiority } from "./superiority.js";
import { pairedTTest, type TTest, welchTTest } from "./t-tests.js";
import { theilSenSlope } from "./theil-sen.js";

type Expected = Omit<TTest, "interval"> & { interval: [number, number] | null };
const asList = (test: TTest | null) =>
  test && { ...test, interval: test.interval && [test.interval.low, test.interval.high] };

describe("t-tests", () => {
  const { cases, relativeTolerance } = readCases<{
    a: number[];
    b: number[];
    confidence: number;
    welch: Expected;
    paired: (Expected & { pairs: number }) | null;
  }>("t-tests.json");
  it.each(cases)("of $a against $b", ({ a, b, confidence, welch, paired }) => {
    // The fixture's note asks for 1e-6 where values near 1e9 have lost their digits before they come here.
    const tolerance = Math.abs(a[0] ?? 0) > 1e8 ? 1e-6 : relativeTolerance;
    expectClose(asList(welchTTest(a, b, confidence)), welch, tolerance);
    const result = asList(pairedTTest(a, b, confidence));
    if (result !== null && paired !== null) expectClose(result, paired, tolerance);
    else expect(result).toEqual(paired);
  });

  it("takes differences that are equal but for binary rounding as without variance", () => {
    expect(pairedTTest([0.9, 0.8, 0.7], [0.8, 0.7, 0.6])).toMatchObject({ t: null, p: null, interval: null });
  });
});

describe("Holm's adjustment", () => {
  const { cases, relativeTolerance } = readCases<{ p: number[]; adjusted: (number | null)[] }>("holm.json");
  it.each(cases)("of $p", ({ p, adjusted }) => expectClose(holmAdjust(p), adjusted, relativeTolerance));
});

describe("sample sizes", () => {
  const { cases, relativeTolerance } = readCases<Record<string, number> & { kind: string }>("sample-size.json");
  it.each(cases)("$kind", (given) => {
    const { alpha, power } = given;
    if (given.kind === "twoProportions") {
      const { pooled, unpooled } = examplesForTwoProportions(given.p1!, given.p2!, { alpha, power });
      expectClose(
        [pooled, unpooled, Math.ceil(pooled)],
        [given.exactPooled, given.exactUnpooled, given.perGroupPooled],
        relativeTolerance,
      );
    } else if (given.kind === "pairedProportions") {
      expectClose(
        examplesForPairedDifference(given.delta!, given.discordance!, { alpha, power }),
        given.exact,
        relativeTolerance,
      );
    } else if (given.kind === "noether") {
      expectClose(
        runsForSuperiority(given.gamma!, { alphaOneSided: given.alphaOneSided, beta: given.beta }),
        given.exact,
        relativeTolerance,
      );
    } else {
      expect(given.kind).toBe("precision");
      expectClose(
        examplesForPrecision(given.accuracy!, given.halfWidth!, given.confidence),
        given.exact,
        relativeTolerance,
      );
    }
  });

  it("finds the difference that so many items can show, and says none where they are too few", () => {
    const items = examplesForPairedDifference(0.025, 0.1);
    expect(detectableDifference(items, 0.1)).toBeCloseTo(0.025, 10);
    expect(detectableDifference(20, 0.1)).toBeNull();
    expect(detectableDifference(1000, 0)).toBeNull();
    expect(() => examplesForPairedDifference(0.2, 0.1)).toThrow(RangeError);
  });
});

describe("ranks, slopes and signs", () => {
  const correlation = readCases<{ x: number[]; y: number[]; rho: number | null }>("spearman.json");
  it.each(correlation.cases)("Spearman of $x and $y", ({ x, y, rho }) =>
    expectClose(spearman(x, y), rho, correlation.relativeTolerance),
  );

  const slopes = readCases<{ x: number[] | null; y: number[]; slope: number | null }>("theil-sen.json");
  it.each(slopes.cases)("Theil–Sen of $y", ({ x, y, slope }) =>
    expectClose(theilSenSlope(y, x), slope, slopes.relativeTolerance),
  );

  const better = readCases<{
    a: number[];
    b: number[];
    paired: number | null;
    allPairs: number | null;
    signFlipP: number | null;
  }>("superiority.json");
  it.each(better.cases)("P($a > $b)", ({ a, b, paired, allPairs, signFlipP: p }) => {
    expectClose(superiority(a, b), { paired, allPairs }, better.relativeTolerance);
    expectClose(signFlipP(a, b), p, better.relativeTolerance);
  });

  it("takes sums of signs that are equal in decimals as equal", () => {
    // 0.3 + 0.1 − 0.1 is 0.30000000000000004, 0.3 − 0.1 + 0.1 is 0.3.
    expect(signFlipP([0.3, 0.1, -0.1], [0, 0, 0])).toBe(0.75);
  });

  it("does not enumerate more than 2^20 sign patterns", () => {
    expect(
      signFlipP(
        Array.from({ length: 21 }, () => 1),
        Array.from({ length: 21 }, () => 0),
      ),
    ).toBeNull();
  });
});
