import { describe, expect, it } from "vitest";
import { Random } from "../random/random.js";
import { fitLearningCurve, type LearningCurvePoint } from "./fit-learning-curve.js";
import { sayBiggerNetwork, sayMoreData } from "./say-learning-curve.js";

/** Runs on 100 … 3,200 images whose error is 2 · n^(−0.4), as `examples` val images see it. */
function curve(examples: number, seed: number | null): LearningCurvePoint[] {
  const random = seed === null ? null : new Random(seed);
  return [100, 200, 400, 800, 1_600, 3_200].map((images) => {
    const error = 2 * images ** -0.4;
    if (!random) return { images, correct: Math.round(examples * (1 - error)), examples };
    const wrong = Array.from({ length: examples }, () => random.next() < error).filter(Boolean).length;
    return { images, correct: examples - wrong, examples };
  });
}

describe("fitLearningCurve", () => {
  it("finds the power law that the runs follow", () => {
    const fit = fitLearningCurve(curve(1_000_000, null))!;
    expect(fit.exponent).toBeCloseTo(0.4, 3);
    expect(fit.scale).toBeCloseTo(2, 1);
    expect(fit.predict(6_400).estimate).toBeCloseTo(1 - 2 * 6_400 ** -0.4, 3);
  });

  it("holds the true exponent in about 95 of 100 intervals", () => {
    const held = Array.from({ length: 300 }, (_, seed) => fitLearningCurve(curve(1_000, seed))!.exponentInterval);
    const share = held.filter(({ low, high }) => low <= 0.4 && high >= 0.4).length / held.length;
    // Never below: the scatter is not let under what the val images give, which errs on the wide side.
    expect(share).toBeGreaterThanOrEqual(0.93);
  });

  it("weighs a point by its val images", () => {
    const odd = { images: 3_200, correct: 5, examples: 10 };
    const exponent = fitLearningCurve([...curve(1_000_000, null), odd])!.exponent;
    expect(exponent).toBeCloseTo(0.4, 2);
  });

  it("is none for two sizes, however many seeds each has, and survives runs without an error", () => {
    expect(fitLearningCurve([...curve(100, 1).slice(0, 2), ...curve(100, 2).slice(0, 2)])).toBeNull();
    const perfect = [100, 200, 400].map((images) => ({ images, correct: 50, examples: 50 }));
    expect(fitLearningCurve(perfect)!.exponent).toBeCloseTo(0, 9);
  });
});

describe("what it says", () => {
  it("is the worth of twice the images with its interval", () => {
    const { key, values } = sayMoreData(fitLearningCurve(curve(100_000, 1)), 3_200, 6);
    expect(key).toBe("curve.more");
    const gain = 100 * (2 * 3_200 ** -0.4 - 2 * 6_400 ** -0.4);
    expect(values.gain).toBeCloseTo(gain, 0);
    expect(values.low).toBeLessThan(gain);
    expect(values.high).toBeGreaterThan(gain);
  });

  it("is that it cannot be told where the interval tells nobody what to do", () => {
    expect(sayMoreData(fitLearningCurve(curve(30, 3).slice(0, 3)), 400, 3).key).toBe("curve.moreUnclear");
  });

  it("is how many sizes are missing where there are too few", () => {
    expect(sayMoreData(null, 100, 1).text).toBe("1 of 3 sizes: too few for a curve.");
  });

  it("sets a larger network beside more data", () => {
    expect(sayBiggerNetwork("ResNet-50", { estimate: 0.012, low: -0.004, high: 0.028 }).text).toBe(
      "The larger network brings +1.2 points (−0.4 to +2.8) on the same images: ResNet-50.",
    );
  });
});
