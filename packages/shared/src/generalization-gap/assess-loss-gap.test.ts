import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assessLossGap } from "./assess-loss-gap.js";
import type { Evaluation } from "./evaluation.js";

type Cell = number | "NaN" | "Infinity" | null;
type Case = {
  name: string;
  valExamples: number;
  trainLoss: Cell[];
  valLoss: Cell[];
  expected: { verdict: string; onsetEpoch: number | null; onsetTolerance?: number };
};

/** Losses alone; the accuracies of the fixture are kept from the rules. */
function lossesOf(trainLoss: readonly Cell[], valLoss: readonly Cell[]): Evaluation[] {
  const score = (loss: Cell) => ({ examples: 0, correct: 0, meanLoss: Number(loss) });
  return trainLoss.flatMap((loss, i) =>
    loss === null ? [] : [{ epoch: i + 1, step: (i + 1) * 100, train: score(loss), val: score(valLoss[i]!) }],
  );
}

/** What the rules about losses must say where the fixture's verdict follows from losses. */
const verdicts: Record<string, string> = {
  overfitting: "OVERFITTING",
  overconfidence: "OVERFITTING",
  diverging: "DIVERGED",
  tooFewPoints: "TOO_EARLY",
};

const { cases } = JSON.parse(readFileSync(new URL("fixtures/verdicts.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

describe("assessLossGap on the curves with known verdicts, of which it sees the losses", () => {
  it.each(cases)("$name", ({ trainLoss, valLoss, valExamples, expected }) => {
    const result = assessLossGap(lossesOf(trainLoss, valLoss), valExamples);
    expect(result).toMatchObject({ measure: "LOSS", accuracy: null, best: null, onsetEpoch: expected.onsetEpoch });
    if (verdicts[expected.verdict]) expect(result.verdict).toBe(verdicts[expected.verdict]);
    else expect(["NONE", "MILD"]).toContain(result.verdict);
    expect(result.explanation.text).not.toMatch(/[{}]/);
  });
});

describe("assessLossGap", () => {
  it("names the onset, what was trained since, and that accuracy is not known", () => {
    const result = assessLossGap(lossesOf([1, 0.6, 0.3, 0.2], [1, 0.8, 1, 1.2]), null);
    expect(result).toMatchObject({ verdict: "OVERFITTING", onsetEpoch: 2, wastedEpochs: 2, bestEpoch: 2 });
    expect(result.loss).toEqual({ estimate: 1.2 - 0.2, low: null, high: null });
    expect(result.explanation.values).toEqual({ epoch: 2, rise: 50 });
    expect(result.explanation.text).toContain("Only losses were logged");
  });

  it("calls a val loss mild that is far above train loss and has not turned, and a nearer one none", () => {
    const of = (train: number) => assessLossGap(lossesOf([1, 0.8, train], [1.1, 1, 1]), null);
    expect(of(0.29)).toMatchObject({ verdict: "MILD", onsetEpoch: null });
    expect(of(0.31)).toMatchObject({ verdict: "NONE", onsetEpoch: null });
    expect(of(0)).toMatchObject({ verdict: "NONE" });
  });

  it("lets one lucky val loss decide where the val split is large or nobody knows how large it is", () => {
    const losses = lossesOf([1, 1, 1, 1, 1, 1], [1, 0.9, 0.5, 0.88, 0.86, 0.87]);
    expect(assessLossGap(losses, null).onsetEpoch).toBe(3);
    expect(assessLossGap(losses, 500).onsetEpoch).toBe(3);
    expect(assessLossGap(losses, 499).onsetEpoch).toBeNull();
  });
});
