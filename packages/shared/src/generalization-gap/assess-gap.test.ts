import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assessGap, type GapVerdict } from "./assess-gap.js";
import type { Evaluation } from "./evaluation.js";
import { lossGap } from "./gap-intervals.js";

type Cell = number | "NaN" | "Infinity" | null;
type Case = {
  name: string;
  trainExamples: number;
  valExamples: number;
  trainLoss: Cell[];
  valLoss: Cell[];
  trainAccuracy: Cell[];
  valAccuracy: Cell[];
  expected: {
    verdict: string;
    onsetEpoch: number | null;
    onsetTolerance?: number;
    gapAccuracy: number | null;
    gapInterval: [number, number] | null;
  };
};

/** The fixture's names for the verdicts of the API. */
const verdicts: Record<string, GapVerdict> = {
  noGap: "NONE",
  unresolved: "UNRESOLVED",
  gapStillImproving: "MILD",
  overfitting: "OVERFITTING",
  overconfidence: "OVERCONFIDENT",
  underfitting: "UNDERFITTING",
  diverging: "DIVERGED",
  tooFewPoints: "TOO_EARLY",
};

const { cases } = JSON.parse(readFileSync(new URL("fixtures/verdicts.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

function evaluationsOf({
  trainLoss,
  valLoss,
  trainAccuracy,
  valAccuracy,
  trainExamples,
  valExamples,
}: Case): Evaluation[] {
  const score = (examples: number, loss: Cell, accuracy: Cell) => ({
    examples,
    correct: Math.round(Number(accuracy) * examples),
    meanLoss: Number(loss),
  });
  return trainLoss.flatMap((loss, i) => {
    if (loss === null) return [];
    const val = score(valExamples, valLoss[i]!, valAccuracy[i]!);
    return [{ epoch: i + 1, step: (i + 1) * 100, train: score(trainExamples, loss, trainAccuracy[i]!), val }];
  });
}

describe("assessGap on curves with known verdicts", () => {
  it.each(cases)("$name", (curve) => {
    const { expected } = curve;
    const result = assessGap(evaluationsOf(curve));
    expect(result.verdict).toBe(verdicts[expected.verdict]);
    expect(result.onsetEpoch).toBe(expected.onsetEpoch);
    expect(result.accuracy === null).toBe(expected.gapAccuracy === null);
    if (result.accuracy !== null) {
      expect(Math.abs(result.accuracy.estimate - expected.gapAccuracy!)).toBeLessThan(1e-6);
      expect(Math.abs(result.accuracy.low - expected.gapInterval![0])).toBeLessThan(1e-6);
      expect(Math.abs(result.accuracy.high - expected.gapInterval![1])).toBeLessThan(1e-6);
    }
    expect(result.explanation.text).not.toMatch(/[{}]/);
  });
});

const at = (epoch: number, trainLoss: number, valLoss: number, trainCorrect = 900, valCorrect = 880): Evaluation => ({
  epoch,
  step: epoch * 10,
  train: { examples: 1000, correct: trainCorrect, meanLoss: trainLoss },
  val: { examples: 1000, correct: valCorrect, meanLoss: valLoss },
});

describe("assessGap", () => {
  it("says too early without any evaluation", () => {
    expect(assessGap([])).toMatchObject({ verdict: "TOO_EARLY", accuracy: null, onsetEpoch: null, epochs: [] });
  });

  it("does not count evaluations of an empty split", () => {
    const empty = { ...at(3, 1, 1), val: { examples: 0, correct: 0, meanLoss: 0 } };
    const result = assessGap([at(1, 1, 1), at(2, 1, 1), empty]);
    expect(result.verdict).toBe("TOO_EARLY");
    expect(result.accuracyGaps[2]).toBeNaN();
  });

  it("calls a train loss that stays above 1.5 times its first value diverged, but not a single spike", () => {
    expect(assessGap([at(1, 1, 1), at(2, 1.6, 1), at(3, 1.7, 1)])).toMatchObject({
      verdict: "DIVERGED",
      onsetEpoch: 2,
      wastedEpochs: 1,
    });
    expect(assessGap([at(1, 1, 1), at(2, 0.9, 1), at(3, 1.7, 1)]).verdict).not.toBe("DIVERGED");
    expect(assessGap([at(1, 1, 1), at(2, 1.7, 1), at(3, 0.9, 1)]).verdict).not.toBe("DIVERGED");
  });

  it("needs two evaluations above the minimum by more than 5 %, the last included", () => {
    expect(assessGap([at(1, 1, 1), at(2, 0.5, 1.06), at(3, 0.4, 1.06, 990, 870)])).toMatchObject({
      verdict: "OVERFITTING",
      onsetEpoch: 1,
      bestEpoch: 1,
      wastedEpochs: 2,
    });
    expect(assessGap([at(1, 1, 1), at(2, 0.5, 1.04), at(3, 0.4, 1.06)]).onsetEpoch).toBeNull();
    expect(assessGap([at(1, 1, 1), at(2, 0.5, 1.06), at(3, 0.5, 1.06), at(4, 0.4, 1.01)]).onsetEpoch).toBeNull();
  });

  it("names the gap at the best epoch, fractional epochs included, whatever the order of arrival", () => {
    const result = assessGap([at(1.5, 0.2, 1.3, 999, 800), at(0.5, 1, 1, 900, 870), at(1, 0.4, 1.2, 950, 860)]);
    expect(result).toMatchObject({ bestEpoch: 0.5, onsetEpoch: 0.5, wastedEpochs: 1, epochs: [0.5, 1, 1.5] });
    expect(result.best!.estimate).toBeCloseTo(0.03, 12);
    expect([...result.lossGaps]).toEqual([0, 1.2 - 0.4, 1.3 - 0.2]);
  });

  it("lets one lucky val loss decide only where the val split is large", () => {
    const losses = [1, 0.9, 0.5, 0.88, 0.86, 0.87];
    const verdictOf = (examples: number) =>
      assessGap(
        losses.map((loss, i) => {
          const evaluation = at(i + 1, 0.8, loss);
          return { ...evaluation, val: { examples, correct: Math.round(0.89 * examples), meanLoss: loss } };
        }),
      );
    expect(verdictOf(500)).toMatchObject({ bestEpoch: 3, onsetEpoch: 3 });
    expect(verdictOf(499)).toMatchObject({ bestEpoch: 4, onsetEpoch: null });
  });

  it("calls a large gap mild only where its interval excludes 5 points, and a small one none however low the accuracy", () => {
    const of = (trainCorrect: number, valCorrect: number, examples: number) =>
      assessGap(
        [1, 2, 3].map((epoch) => ({
          ...at(epoch, 1, 1 - epoch / 10, trainCorrect),
          val: { examples, correct: valCorrect, meanLoss: 1 - epoch / 10 },
        })),
      ).verdict;
    expect(of(900, 156, 200)).toBe("MILD");
    expect(of(900, 78, 100)).toBe("NONE");
    expect(of(700, 650, 1000)).toBe("NONE");
    expect(of(700, 680, 1000)).toBe("UNDERFITTING");
  });

  it("counts exactly 10 points as 10 points", () => {
    expect(assessGap([at(1, 1, 1), at(2, 0.9, 0.9), at(3, 0.8, 0.8, 950, 850)]).verdict).toBe("MILD");
  });

  it("takes a val loss that leaves 0 as turned", () => {
    const result = assessGap([at(1, 1, 0), at(2, 0.9, 0.1), at(3, 0.8, 0.1)]);
    expect(result.verdict).toBe("OVERCONFIDENT");
    expect(JSON.stringify(result.explanation.values)).not.toContain("Infinity");
  });
});

describe("lossGap", () => {
  it("is val − train with a normal interval from the variances of single losses", () => {
    const { estimate, low, high } = lossGap({
      train: { examples: 400, correct: 0, meanLoss: 0.5, lossVariance: 0.04 },
      val: { examples: 100, correct: 0, meanLoss: 0.8, lossVariance: 0.09 },
    });
    const half = 1.959963984540054 * Math.sqrt(0.04 / 400 + 0.09 / 100);
    expect(estimate).toBeCloseTo(0.3, 12);
    expect(low).toBeCloseTo(0.3 - half, 10);
    expect(high).toBeCloseTo(0.3 + half, 10);
  });

  it("has no interval where a variance was not logged", () => {
    expect(lossGap(at(1, 0.5, 0.8))).toEqual({ estimate: 0.8 - 0.5, low: null, high: null });
  });
});
