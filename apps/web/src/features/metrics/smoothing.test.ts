import { expect, it } from "vitest";
import { smooth } from "./smoothing";

it("starts at the first point and equals the weighted mean of what came before", () => {
  const [first, second, third] = smooth(Float64Array.of(4, 8, 0), 0.5);
  expect(first).toBe(4);
  // Weights 1, 2 (newest heaviest), normalised: (4 + 2·8) / 3; then (4 + 2·8 + 4·0) / 7.
  expect(second).toBeCloseTo(20 / 3, 12);
  expect(third).toBeCloseTo(20 / 7, 12);
});

it("leaves a constant line where it is, and everything where the weight is zero", () => {
  for (const value of smooth(new Float64Array(50).fill(0.25), 0.97)) expect(value).toBeCloseTo(0.25, 12);
  expect(Array.from(smooth(Float64Array.of(3, 1), 0))).toEqual([3, 1]);
});

it("is not poisoned by a NaN", () => {
  const smoothed = smooth(Float64Array.of(1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1), 0.9);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[2]).toBeCloseTo(1, 12);
  expect(smoothed[3]).toBe(Number.POSITIVE_INFINITY);
  expect(smoothed[4]).toBeCloseTo(1, 12);
});
