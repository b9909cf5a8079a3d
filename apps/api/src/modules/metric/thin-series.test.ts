import { describe, expect, it } from "vitest";
import { pointStretches, thinSeries } from "./thin-series.js";

const thin = (values: number[], maxPoints: number, steps = values.map((_, i) => i)) => {
  const {
    steps: at,
    values: shown,
    min,
    max,
  } = thinSeries(
    [pointStretches(Float64Array.from(steps), Float64Array.from(steps), Float64Array.from(values))],
    maxPoints,
  );
  return { steps: [...at], values: [...shown], min: [...min!], max: [...max!] };
};

describe("a bucket stands at its last point", () => {
  it("with the extremes of all of its points", () => {
    expect(thin([1, 9, 2, 5, -3, 4], 2)).toEqual({ steps: [2, 5], values: [2, 4], min: [1, -3], max: [9, 5] });
  });

  it("and is left out where it has none", () => {
    expect(thin([1, 2, 3], 10, [0, 1, 100]).steps).toEqual([1, 100]);
  });
});

describe("what is not finite is shown and moves no extreme", () => {
  it("even where it is one point of many", () => {
    expect(thin([1, Number.NaN, 3, 4], 2)).toEqual({
      steps: [1, 3],
      values: [Number.NaN, 4],
      min: [1, 3],
      max: [1, 4],
    });
    expect(thin([Infinity, 2, 3, -Infinity], 2)).toEqual({
      steps: [1, 3],
      values: [Infinity, -Infinity],
      min: [2, 3],
      max: [2, 3],
    });
  });

  it("and a bucket without a finite value has no extremes", () => {
    expect(thin([Number.NaN, Number.NaN, 3, 4], 2)).toMatchObject({ min: [Number.NaN, 3], max: [Number.NaN, 4] });
  });
});
