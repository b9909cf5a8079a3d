import { describe, expect, it } from "vitest";
import { answers, standing } from "./comparison.fixture.js";
import { compareIndependent, comparePaired, compareSeeds, correctness } from "./difference-test.js";
import { groupRuns } from "./group-runs.js";
import { testGroups } from "./test-groups.js";

describe("a test of two models", () => {
  it("on the same images looks only at those on which they disagree", () => {
    const [run, baseline] = answers(800, 12, 5, 183);
    expect(comparePaired(run, baseline)).toMatchObject({
      method: "MCNEMAR_MID_P",
      onlyRunRight: 12,
      onlyBaselineRight: 5,
      estimate: 0.007,
      examples: 1000,
    });
    expect(comparePaired(run, baseline)!.pValue).toBeCloseTo(0.09625244140625, 12);
  });

  it("says nothing for lists of different lengths or without images", () => {
    expect(comparePaired([1, 0], [1])).toBeNull();
    expect(comparePaired([], [])).toBeNull();
    expect(compareIndependent({ correct: 0, examples: 0 }, { correct: 1, examples: 2 })).toBeNull();
    expect(() => correctness([1], [1, 2])).toThrow(RangeError);
    expect([...correctness([1, 2, 3], [1, 0, 3])]).toEqual([1, 0, 1]);
  });

  it("names the difference that it could have found", () => {
    const [run, baseline] = answers(1129, 63, 63, 0);
    expect(comparePaired(run, baseline)!.detectableDifference).toBeCloseTo(0.025, 3);
    const [same] = answers(10, 0, 0, 0);
    expect(comparePaired(same, same)).toMatchObject({ pValue: 1, estimate: 0, detectableDifference: null });
  });

  it("on other images agrees with the pooled z-test", () => {
    const test = compareIndependent({ correct: 850, examples: 1000 }, { correct: 800, examples: 1000 })!;
    // z = 0.05 / √(0.825 · 0.175 · 2/1000) = 2.9424
    expect(test.pValue).toBeCloseTo(0.003257, 5);
    expect(test.low).toBeGreaterThan(0);
    expect(compareIndependent({ correct: 5, examples: 5 }, { correct: 7, examples: 7 })).toMatchObject({
      pValue: 1,
      detectableDifference: null,
    });
  });

  it("over seeds is paired where they share them, and says nothing without scatter", () => {
    expect(compareSeeds([0.91, 0.92, 0.905], [0.88, 0.9, 0.893], true)).toMatchObject({
      method: "PAIRED_T",
      examples: 3,
    });
    expect(compareSeeds([0.91, 0.92, 0.905], [0.88, 0.9, 0.893], false)!.pValue).toBeCloseTo(0.052173556, 8);
    expect(compareSeeds([0.9, 0.9], [0.8, 0.8], true)).toBeNull();
  });
});

describe("testGroups", () => {
  const [run, baseline] = answers(780, 40, 20, 160);
  const test = (runs: Parameters<typeof groupRuns>[0], groupBy: "RUN" | "SEED" = "RUN") => {
    const groups = groupRuns(runs, groupBy);
    return testGroups(groups, groups[0]!);
  };

  it("pairs images only where both runs saw the same ones", () => {
    const base = standing("base", { correct: 800, valCorrect: baseline });
    const method = (change: Parameters<typeof standing>[1]) =>
      test([base, standing("run", { correct: 820, valCorrect: run, ...change })])[0]!.method;
    expect(method({})).toBe("MCNEMAR_MID_P");
    expect(method({ hash: "val-2" })).toBe("INDEPENDENT_PROPORTIONS");
    expect(method({ hash: null })).toBe("INDEPENDENT_PROPORTIONS");
    const unknown = standing("unknown", { correct: 800, valCorrect: baseline, hash: null });
    expect(test([unknown, standing("run", { valCorrect: run, hash: null })])[0]!.method).toBe(
      "INDEPENDENT_PROPORTIONS",
    );
    expect(method({ valCorrect: null })).toBe("INDEPENDENT_PROPORTIONS");
  });

  it("adjusts p over all rows by Holm, and leaves out a row that was never evaluated", () => {
    const tests = test([
      standing("base"),
      standing("a", { correct: 830 }),
      standing("b", { correct: 900 }),
      { ...standing("c"), evaluation: null },
    ]);
    expect(tests.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(tests[0]!.adjustedPValue).toBeCloseTo(tests[0]!.pValue, 15);
    expect(tests[1]!.adjustedPValue).toBeCloseTo(2 * tests[1]!.pValue, 15);
  });

  it("compares seeds with seeds, in the order of the seeds and not of the list", () => {
    const of = (group: string, seed: number, correct: number) => standing(`${group}${seed}`, { group, seed, correct });
    const baseRuns = [of("a", 0, 800), of("a", 1, 780), of("a", 2, 820)];
    const shared = test([...baseRuns, of("b", 2, 831), of("b", 0, 812), of("b", 1, 790)], "SEED");
    expect(shared[0]).toMatchObject({ method: "PAIRED_T", key: "b", baseline: "a0", examples: 3 });
    expect(shared[0]!.estimate).toBeCloseTo(0.011, 10);
    expect(shared[0]!.pValue).toBeLessThan(0.01);
    const apart = [of("b", 7, 831), of("b", 8, 812), of("b", 9, 820)];
    expect(test([...baseRuns, ...apart], "SEED")[0]!.method).toBe("WELCH_T");
    // Two seeds give no p-value over seeds: what is tested then are two trained models.
    expect(test([...baseRuns, of("b", 7, 831), of("b", 8, 812)], "SEED")[0]!.method).toBe("INDEPENDENT_PROPORTIONS");
  });
});
