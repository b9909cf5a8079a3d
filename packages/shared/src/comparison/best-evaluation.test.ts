import { describe, expect, it } from "vitest";
import { bestEvaluation, isSelectionMetric } from "./best-evaluation.js";

const at = (epoch: number, correct: number, meanLoss: number) => ({
  epoch,
  step: epoch * 10,
  train: { examples: 100, correct: 90, meanLoss: 0.1 },
  val: { examples: 100, correct, meanLoss },
});

describe("the evaluation that stands for a run", () => {
  const evaluations = [at(3, 80, 0.9), at(1, 70, 0.5), at(2, 80, 0.7)];

  it("is the best by the metric, of equals the earliest, whatever the order of arrival", () => {
    expect(bestEvaluation(evaluations, "val/accuracy")!.epoch).toBe(2);
    expect(bestEvaluation(evaluations, "val/loss")!.epoch).toBe(1);
    expect(bestEvaluation([...evaluations].reverse(), "val/accuracy")!.epoch).toBe(2);
  });

  it("is never one whose metric was not measured", () => {
    expect(bestEvaluation([at(1, 70, Number.NaN), at(2, 60, 0.6)], "val/loss")!.epoch).toBe(2);
    expect(bestEvaluation([at(1, 70, Number.NaN)], "val/loss")).toBeNull();
    expect(bestEvaluation([], "val/accuracy")).toBeNull();
  });

  it("can be chosen by the four metrics of an evaluation only", () => {
    expect(isSelectionMetric("val/loss")).toBe(true);
    expect(isSelectionMetric("val/f1")).toBe(false);
  });
});
