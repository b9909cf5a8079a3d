import { describe, expect, it } from "vitest";
import { learningRateAt } from "./learning-rate.js";

const config = { learningRate: 0.4, warmupFraction: 0.1 };

describe("learningRateAt", () => {
  it("rises evenly to its peak at the end of the warm-up, then falls along a cosine to a hundredth", () => {
    expect(learningRateAt(1, 100, config)).toBeCloseTo(0.04, 12);
    expect(learningRateAt(5, 100, config)).toBeCloseTo(0.2, 12);
    expect(learningRateAt(10, 100, config)).toBeCloseTo(0.4, 12);
    expect(learningRateAt(55, 100, config)).toBeCloseTo((0.4 + 0.004) / 2, 12);
    expect(learningRateAt(100, 100, config)).toBeCloseTo(0.004, 12);
    for (let update = 11; update <= 100; update++) {
      expect(learningRateAt(update, 100, config)).toBeLessThan(learningRateAt(update - 1, 100, config));
    }
  });

  it("starts near its peak without a warm-up, and is finite for a run of one step", () => {
    expect(learningRateAt(1, 100, { ...config, warmupFraction: 0 })).toBeCloseTo(0.4, 3);
    expect(learningRateAt(1, 1, config)).toBeGreaterThan(0);
  });
});
