import { describe, expect, it } from "vitest";
import { scoreBatch, scoreLogits } from "./score-logits.js";

describe("scoreLogits", () => {
  it("is the cross-entropy of the softmax, also where exponentials overflow", () => {
    const logits = Float32Array.of(1, 2, 3, 1000, -1000, 0);
    const z = Math.exp(1) + Math.exp(2) + Math.exp(3);
    expect(scoreLogits(logits, 0, 3, 0).loss).toBeCloseTo(-Math.log(Math.exp(1) / z), 12);
    expect(scoreLogits(logits, 0, 3, 0).prediction).toBe(2);
    expect(scoreLogits(logits, 0, 3, 2).confidence).toBeCloseTo(Math.exp(3) / z, 12);
    expect(scoreLogits(logits, 1, 3, 0)).toEqual({ loss: 0, prediction: 0, confidence: 1, rank: 0 });
    expect(scoreLogits(logits, 1, 3, 1)).toMatchObject({ loss: 2000, rank: 2 });
  });

  it("averages over the examples of a batch", () => {
    const logits = Float32Array.of(5, 0, 0, 5);
    const { loss, accuracy } = scoreBatch(logits, Uint16Array.of(0, 0), 2);
    expect(accuracy).toBe(0.5);
    expect(loss).toBeCloseTo((Math.log(1 + Math.exp(-5)) + Math.log(1 + Math.exp(5))) / 2, 12);
  });
});
