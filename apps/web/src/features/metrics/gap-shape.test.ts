import { expect, it } from "vitest";
import { gapShape } from "./gap-shape";

const curve = (gaps: number[], half = 0.02) => ({
  epochs: gaps.map((_, row) => row + 1),
  gaps: Float64Array.from(gaps),
  low: Float64Array.from(gaps, (gap) => gap - half),
  high: Float64Array.from(gaps, (gap) => gap + half),
});

it("shows the gap in percentage points with its interval, zero always in the picture", () => {
  const shape = gapShape(curve([0.1, 0.12, 0.2]), 400, 200)!;
  expect(shape.dots.map(({ gap }) => Math.round(gap))).toEqual([10, 12, 20]);
  expect(shape.zero).toBeLessThanOrEqual(shape.plot.bottom);
  expect(shape.dots[2]!.y).toBeLessThan(shape.dots[0]!.y);
  expect(shape.band).toMatch(/^M.*Z$/);
  expect(shape.yTicks.some(({ gap }) => gap === 0)).toBe(true);
});

it("keeps a gap of nothing flat", () => {
  const shape = gapShape(curve([0, 0.004, 0.001], 0.001), 400, 200)!;
  expect(Math.abs(shape.dots[1]!.y - shape.zero)).toBeLessThan(20);
});

it("draws without intervals, skips what is not finite, and stands a single evaluation", () => {
  expect(gapShape(curve([0.1, Number.NaN, 0.2], Number.NaN), 400, 200)).toMatchObject({
    band: "",
    dots: { length: 2 },
  });
  expect(gapShape(curve([0.1]), 400, 200)!.dots[0]!.x).toBe(388);
  expect(gapShape(curve([Number.NaN]), 400, 200)).toBeNull();
});

it("draws the gap of losses in their own unit", () => {
  const shape = gapShape(curve([0.1, 0.4, 1.2], Number.NaN), 400, 200, "loss")!;
  expect(shape.dots.map(({ gap }) => gap)).toEqual([0.1, 0.4, 1.2]);
});
