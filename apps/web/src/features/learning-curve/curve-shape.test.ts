import { expect, it } from "vitest";
import { type CurvePoint, curveShape } from "./curve-shape";

const point = (images: number, estimate: number): CurvePoint => ({
  images,
  estimate,
  low: estimate - 0.03,
  high: estimate + 0.03,
});

it("puts more images to the right and a higher accuracy higher, forecast included, all inside the picture", () => {
  const forecast = [point(100, 0.6), point(800, 0.9)];
  const shape = curveShape([point(100, 0.61), point(400, 0.84)], forecast, 400, 240)!;
  const [few, many] = shape.dots;
  expect(many!.x).toBeGreaterThan(few!.x);
  expect(many!.y).toBeLessThan(few!.y);
  expect(shape.line).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/);
  expect(shape.band.endsWith("Z")).toBe(true);
  for (const { top, bottom } of shape.dots) {
    expect(top).toBeGreaterThanOrEqual(shape.plot.top);
    expect(bottom).toBeLessThanOrEqual(shape.plot.bottom);
  }
});

it("cuts a band that is wider than the picture at its edge", () => {
  const wild = { images: 800, estimate: 0.9, low: -3, high: 1 };
  const shape = curveShape([point(100, 0.8)], [point(100, 0.8), wild], 400, 240)!;
  const heights = [...shape.band.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
  expect(Math.max(...heights)).toBeLessThanOrEqual(shape.plot.bottom);
});

it("has no line without a forecast, and no picture without a run", () => {
  expect(curveShape([point(100, 0.8)], [], 400, 240)).toMatchObject({ line: "", band: "" });
  expect(curveShape([], [], 400, 240)).toBeNull();
});
