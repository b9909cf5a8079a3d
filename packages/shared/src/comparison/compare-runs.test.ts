import { describe, expect, it } from "vitest";
import { type ComparisonOptions, compareRuns } from "./compare-runs.js";
import type { StandingRun } from "./compared-run.js";
import { answers, standing } from "./comparison.fixture.js";

const options: ComparisonOptions = {
  groupBy: "RUN",
  selection: "BEST",
  metric: "val/accuracy",
  baseline: null,
  gaps: new Map(),
};
const sentence = (runs: StandingRun[], change: Partial<ComparisonOptions> = {}) =>
  compareRuns(runs, { ...options, ...change }).sentence;

describe("the sentence of a comparison", () => {
  it("says as good, and the price, where the interval excludes being 3 points worse", () => {
    const [small, large] = answers(9000, 300, 340, 360);
    const same = { examples: 10_000 };
    const runs = [
      standing("ResNet-101", { ...same, correct: 9340, valCorrect: large, trainSeconds: 1000 }),
      standing("ResNet-50", { ...same, correct: 9300, valCorrect: small, trainSeconds: 600 }),
    ];
    expect(sentence(runs).text).toBe(
      "ResNet-50 is as good as ResNet-101 here (−0.4 points, −0.9 to +0.1) at 0.6 of the time.",
    );
  });

  it("does not take a wide interval for equality", () => {
    const { key, text } = sentence([
      standing("A", { examples: 100, correct: 80 }),
      standing("B", { examples: 100, correct: 78 }),
    ]);
    expect(key).toBe("compare.undecided");
    expect(text).toMatch(/^B and A cannot be told apart here \(−2 points, −13/);
  });

  it("calls better only what Holm's p shows, and the best of several by its lead over the next", () => {
    expect(sentence([standing("A", { correct: 900 }), standing("B")]).text).toBe(
      "A is better than B here (+10 points, +6.9 to +13.1).",
    );
    const three = [standing("A", { correct: 900 }), standing("C", { correct: 700 }), standing("B")];
    expect(sentence(three).text).toBe("A is the best of 3 here: +10 points (+6.9 to +13.1) before B, the next.");
  });

  it("does not call better among many what only an unadjusted p shows", () => {
    const rivals = (count: number) => Array.from({ length: count }, (_, i) => standing(`B${i}`));
    expect(sentence([standing("A", { correct: 838 }), ...rivals(1)]).key).toBe("compare.better");
    expect(sentence([standing("A", { correct: 838 }), ...rivals(4)]).key).toBe("compare.undecided");
  });

  it("takes the margin of practical equality from who asks", () => {
    const [small, large] = answers(9000, 300, 340, 360);
    const runs = [
      standing("A", { examples: 10_000, correct: 9340, valCorrect: large }),
      standing("B", { examples: 10_000, correct: 9300, valCorrect: small }),
    ];
    expect(sentence(runs, { margin: 0.01 }).key).toBe("compare.asGood");
    expect(sentence(runs, { margin: 0.005 }).key).toBe("compare.undecided");
  });

  it("is kept back by different data until that has been acknowledged", () => {
    const runs = [standing("A", { correct: 900 }), standing("B", { datasetHash: "data-2" })];
    expect(sentence(runs).key).toBe("compare.notComparable");
    expect(sentence(runs, { acknowledged: ["DIFFERENT_SPLIT"] }).key).toBe("compare.notComparable");
    expect(sentence(runs, { acknowledged: ["DIFFERENT_DATA"] }).key).toBe("compare.better");
  });

  it("comes with what would tell, in images or in seeds, where it leaves the two undecided", () => {
    const outlook = (runs: StandingRun[], change: Partial<ComparisonOptions> = {}) =>
      compareRuns(runs, { ...options, ...change }).outlook?.text;
    expect(outlook([standing("A", { correct: 900 }), standing("B")])).toBeUndefined();
    expect(
      outlook([standing("A", { examples: 100, correct: 80 }), standing("B", { examples: 100, correct: 78 })]),
    ).toBe("A difference of this size would show on about 6,600 val images instead of 100 (80 % power).");
    const seeds = [
      [800, 810],
      [780, 806],
      [820, 812],
    ].flatMap(([a, b], seed) => [
      standing(`A${seed}`, { group: "a", seed, correct: a }),
      standing(`B${seed}`, { group: "b", seed, correct: b }),
    ]);
    expect(outlook(seeds, { groupBy: "SEED" })).toBe(
      "A difference of this size would show with 26 more seeds on each side (80 % power).",
    );
  });

  it("names a time only where both runs have ended", () => {
    const runs = (status: "RUNNING" | "FINISHED") => [
      standing("A", { correct: 805 }),
      standing("B", { status, trainSeconds: 10 }),
    ];
    expect(sentence(runs("FINISHED")).key).toBe("compare.undecidedCheaper");
    expect(sentence(runs("RUNNING")).key).toBe("compare.undecided");
  });

  it("refuses to rank what was scored on different images", () => {
    expect(sentence([standing("A", { correct: 900 }), standing("B", { hash: "other" })]).key).toBe(
      "compare.notComparable",
    );
  });

  it("adds who overfits and from when", () => {
    const gaps = new Map([["B", { verdict: "OVERFITTING" as const, onsetEpoch: 4 }]]);
    expect(sentence([standing("A", { correct: 900 }), standing("B")], { gaps }).text).toMatch(
      /; B overfits from epoch 4\.$/,
    );
    expect(sentence([standing("B")], { gaps }).text).toMatch(/; it overfits from epoch 4\.$/);
  });

  it("speaks of one run, and of none", () => {
    expect(sentence([standing("A")]).text).toBe("A reaches 80 % val accuracy (77.4 to 82.4).");
    expect(sentence([{ ...standing("A"), evaluation: null }]).key).toBe("compare.nothing");
    expect(sentence([]).key).toBe("compare.nothing");
  });

  it("speaks of a baseline that was chosen by hand from its side", () => {
    const runs = [standing("A", { correct: 900 }), standing("B"), standing("C", { correct: 810 })];
    expect(sentence(runs, { baseline: "B" }).text).toBe("A is better than B here (+10 points, +6.9 to +13.1).");
    expect(sentence([standing("A", { correct: 805 }), standing("B")], { baseline: "B" }).key).toBe("compare.undecided");
  });

  it("leaves no placeholder open in any of its forms", () => {
    for (const correct of [780, 800, 805, 900]) {
      for (const trainSeconds of [10, 100, null]) {
        for (const baseline of ["A", "B", null]) {
          const runs = [standing("A", { correct, trainSeconds }), standing("B"), standing("C", { correct: 600 })];
          expect(sentence(runs, { baseline }).text).not.toMatch(/[{}–]/);
        }
      }
    }
  });
});

describe("compareRuns", () => {
  it("measures every row against the best, and keeps rows in the order of the runs", () => {
    const result = compareRuns(
      [standing("B"), standing("A", { correct: 900, trainSeconds: 200 }), { ...standing("C"), evaluation: null }],
      options,
    );
    expect(result.baseline).toBe("A");
    expect(
      result.rows.map(({ key, difference }) => [key, difference && Math.round(difference.estimate * 1000)]),
    ).toEqual([
      ["B", -100],
      ["A", null],
      ["C", null],
    ]);
    expect(result.pareto).toEqual(["B", "A"]);
    expect(result.tests).toHaveLength(1);
  });

  it("takes the baseline by val loss where that is the metric", () => {
    const better = standing("B");
    better.evaluation!.val.meanLoss = 0.1;
    expect(compareRuns([standing("A", { correct: 900 }), better], { ...options, metric: "val/loss" }).baseline).toBe(
      "B",
    );
  });

  it("prices by multiply-adds where a time is missing", () => {
    const runs = [
      standing("A", { correct: 900, trainSeconds: null, macs: 8e9 }),
      standing("B", { correct: 700, trainSeconds: 1, macs: 9e9 }),
    ];
    expect(compareRuns(runs, options).pareto).toEqual(["A"]);
  });
});
