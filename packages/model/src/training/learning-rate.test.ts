import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { learningRateAt } from "./learning-rate.js";

interface Schedules {
  readonly cases: readonly {
    readonly peak: number;
    readonly minimum: number;
    readonly warmupSteps: number;
    readonly totalSteps: number;
    readonly values: readonly { readonly t: number; readonly lr: number }[];
  }[];
}

const schedules: Schedules = JSON.parse(readFileSync(new URL("fixtures/schedules.json", import.meta.url), "utf8"));

const config = { learningRate: 0.4, warmupFraction: 0.1, schedule: "COSINE" } as const;

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

  it("stays at its peak, or falls to a tenth after 30, 60 and 90 % of the steps", () => {
    const at = (update: number, schedule: "CONSTANT" | "STEP") => learningRateAt(update, 100, { ...config, schedule });
    expect([5, 11, 100].map((update) => at(update, "CONSTANT"))).toEqual([0.2, 0.4, 0.4]);
    const stepped = [5, 30, 31, 60, 61, 90, 91].map((update) => at(update, "STEP"));
    expect(stepped.map((rate) => Number(rate.toFixed(9)))).toEqual([0.2, 0.4, 0.04, 0.04, 0.004, 0.004, 0.0004]);
  });

  it("is the reference's warm-up and cosine to a hundredth", () => {
    const { peak, warmupSteps, totalSteps, values } = schedules.cases.find(
      ({ peak, minimum }) => minimum === peak / 100,
    )!;
    const options = { learningRate: peak, warmupFraction: warmupSteps / totalSteps, schedule: "COSINE" } as const;
    for (const { t, lr } of values.slice(1)) expect(learningRateAt(t, totalSteps, options)).toBeCloseTo(lr, 12);
  });
});
