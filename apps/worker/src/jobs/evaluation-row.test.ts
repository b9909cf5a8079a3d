import type { EvaluatedEvent, SplitScore } from "@residual/model";
import { decodeBase64, unpackPredictions } from "@residual/shared";
import { describe, expect, it } from "vitest";
import { evaluationRow } from "./evaluation-row.js";

function score(examples: number, changes: Partial<SplitScore> = {}): SplitScore {
  const predictions = Uint16Array.from({ length: examples }, (_, i) => i % 300);
  const losses = Float32Array.from({ length: examples }, (_, i) => i / 8);
  const details = {
    top5Correct: 2,
    balancedAccuracy: 0.5,
    macroF1: 0.4,
    expectedCalibrationError: 0.1,
    classRecalls: [1 / 3, null],
    classExamples: [examples, 0],
    confidences: Float32Array.from({ length: examples }, (_, i) => 1 / (1 + i)),
    hits: Uint8Array.from({ length: examples }, (_, i) => i % 2),
  };
  const own = { examples, correct: 1, meanLoss: 0.5, lossVariance: 0.25, predictions, losses, imagesHash: "h" };
  return { ...own, ...details, ...changes };
}

function rowOf(val: SplitScore, classes: number) {
  const event: EvaluatedEvent = { type: "evaluated", step: 7, epoch: 1.5, train: score(4), val };
  return evaluationRow(event, "run_1", 3, classes);
}

describe("evaluationRow", () => {
  it("packs the class, the confidence and whether it is right into four bytes an image, losses into float32", () => {
    const { val } = rowOf(score(290), 300);
    const { predictions, confidences, correct } = unpackPredictions(decodeBase64(val.predictions!));
    expect(predictions).toEqual(score(290).predictions);
    expect(confidences[3]).toBeCloseTo(1 / 4, 4);
    expect(correct).toEqual(score(290).hits);
    const losses = decodeBase64(val.losses!);
    expect(new DataView(losses.buffer).getFloat32(10 * 4, true)).toBe(1.25);
    expect(rowOf(score(3), 2).train).not.toHaveProperty("predictions");
  });

  it("tells what a score says beyond loss and accuracy, of both splits, and leaves out what it does not say", () => {
    const { train, val } = rowOf(score(3, { top5Correct: undefined, expectedCalibrationError: Number.NaN }), 2);
    expect(train).toMatchObject({ top5Correct: 2, balancedAccuracy: 0.5, macroF1: 0.4, expectedCalibrationError: 0.1 });
    expect(train.classRecalls).toEqual([0.333333, null]);
    expect(val).not.toHaveProperty("top5Correct");
    expect(val).not.toHaveProperty("expectedCalibrationError");
  });

  it("names numbers that JSON does not have", () => {
    const { val } = rowOf(score(3, { meanLoss: Number.POSITIVE_INFINITY, lossVariance: Number.NaN }), 2);
    expect(JSON.parse(JSON.stringify(val))).toMatchObject({ meanLoss: "Infinity", lossVariance: "NaN" });
  });

  it("stays below what the API takes in one request, however many images val has", () => {
    const large = rowOf(score(150_000), 10).val;
    expect(decodeBase64(large.predictions!)).toHaveLength(4 * 150_000);
    expect(large.losses).toBeUndefined();
    expect(decodeBase64(rowOf(score(300_000), 256).val.predictions!)).toHaveLength(300_000);
    expect(decodeBase64(rowOf(score(300_000), 257).val.predictions!)).toHaveLength(600_000);
    const huge = rowOf(score(800_000), 10).val;
    expect(huge.predictions).toBeUndefined();
    expect(JSON.stringify(huge).length).toBeLessThan(1000);
  });
});
