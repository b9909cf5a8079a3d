import { describe, expect, it } from "vitest";
import { type Alignment, alignRuns, type SpentEvaluation } from "./align-runs.js";

/** An evaluation after `epoch` epochs of 1,000 images, at 10 images a second. */
function at(epoch: number, correct: number): SpentEvaluation {
  const score = { examples: 100, correct, meanLoss: 1 - correct / 100 };
  const images = epoch * 1_000;
  const spent = { STEPS: images / 10, IMAGES: images, SECONDS: images / 10, MACS: null };
  return { epoch, step: images / 10, train: score, val: score, spent };
}

const long = [at(1, 60), at(2, 70), at(3, 80), at(4, 75)];
const short = [at(1, 65), at(2, 72)];
const runs = [
  { run: "long", evaluations: long },
  { run: "short", evaluations: short },
  { run: "none", evaluations: [] },
];
const epochs = (alignment: Partial<Alignment>) =>
  alignRuns(runs, { selection: "BEST", metric: "val/accuracy", ...alignment }).map(
    ({ evaluation }) => evaluation?.epoch ?? null,
  );

describe("the evaluation that stands for a run", () => {
  it("is its best, or its last where that is asked for", () => {
    expect(epochs({})).toEqual([3, 2, null]);
    expect(epochs({ selection: "LAST" })).toEqual([4, 2, null]);
  });

  it("is the last one that all runs could afford where they are compared at a budget", () => {
    expect(epochs({ selection: "BUDGET", budget: { unit: "IMAGES", amount: null } })).toEqual([2, 2, null]);
    expect(epochs({ selection: "BUDGET", budget: { unit: "SECONDS", amount: 350 } })).toEqual([3, 2, null]);
    expect(epochs({ selection: "BUDGET", budget: { unit: "STEPS", amount: 50 } })).toEqual([null, null, null]);
  });

  it("is none where it is not known what the run had spent", () => {
    expect(epochs({ selection: "BUDGET", budget: { unit: "MACS", amount: null } })).toEqual([null, null, null]);
    expect(epochs({ selection: "BUDGET", budget: { unit: "MACS", amount: 1e12 } })).toEqual([null, null, null]);
  });

  it("does not lose a run's last evaluation to a rounding of its last batch", () => {
    const rounded = [{ run: "a", evaluations: [{ ...at(2, 70), spent: { ...at(2, 70).spent!, IMAGES: 2_004 } }] }];
    const budget = { unit: "IMAGES", amount: 2_000 } as const;
    expect(alignRuns(rounded, { selection: "BUDGET", metric: "val/accuracy", budget })[0]!.evaluation?.epoch).toBe(2);
  });
});
