import { describe, expect, it } from "vitest";
import { type ChartLine, chartLine, horizontalExtent, missingSteps, rowNearest, verticalExtent } from "./chart-lines";
import { SeriesBuffer } from "./series-buffer";

const run = { id: "run_a", name: "a", color: "red" };
const scale = { stepsPerEpoch: 10, start: 1000 };

function buffer(steps: number[], values: number[], countEach = 1): SeriesBuffer {
  const filled = new SeriesBuffer();
  const times = Float64Array.from(steps, (step) => 1000 + step * 500);
  filled.append({ steps: Float64Array.from(steps), times, values: Float64Array.from(values) }, countEach);
  return filled;
}

function line(steps: number[], values: number[], view = {}, countEach = 1): ChartLine {
  const source = buffer(steps, values, countEach);
  return chartLine(source, run, { key: "val/loss", style: "dashed" }, { axis: "step", smoothing: 0, ...view }, scale);
}

it("places points by step, by epoch, and by seconds since the run began", () => {
  expect(Array.from(line([5, 20], [1, 2]).x)).toEqual([5, 20]);
  expect(Array.from(line([5, 20], [1, 2], { axis: "epoch" }).x)).toEqual([0.5, 2]);
  expect(Array.from(line([5, 20], [1, 2], { axis: "time" }).x)).toEqual([2.5, 10]);
});

it("keeps the raw values behind a smoothed line, and smooths no evaluations", () => {
  const steps = Array.from({ length: 60 }, (_, i) => i);
  const values = steps.map((step) => (step % 2 === 0 ? 1 : 0));
  const smoothed = line(steps, values, { smoothing: 0.9 });
  expect(Array.from(smoothed.raw!)).toEqual(values);
  expect(smoothed.y.at(-1)).toBeCloseTo(0.5, 1);
  const evaluations = line([0, 10, 20], [1, 0, 1], { smoothing: 0.9 });
  expect(Array.from(evaluations.y)).toEqual([1, 0, 1]);
  expect(evaluations.raw).toBeNull();
});

it("places what is not finite", () => {
  expect(line([0, 10, 20], [1, Number.NaN, 0], { axis: "epoch" }).marks).toEqual([{ x: 1, value: Number.NaN }]);
});

describe("extents", () => {
  it("span all lines, and only what is visible counts vertically", () => {
    const lines = [line([0, 10, 20, 30], [100, 1, 2, 100]), line([10, 15], [3, 4])];
    expect(horizontalExtent(lines)).toEqual([0, 30]);
    expect(verticalExtent(lines, 10, 20, false)).toEqual([1, 100]);
    expect(verticalExtent([lines[1]!], 0, 30, false)).toEqual([3, 4]);
  });

  it("ignore NaN, infinities and, on a logarithmic axis, zero", () => {
    const lines = [line([0, 1, 2, 3], [Number.NaN, Number.POSITIVE_INFINITY, 0, 5])];
    expect(verticalExtent(lines, 0, 3, false)).toEqual([0, 5]);
    expect(verticalExtent(lines, 0, 3, true)).toEqual([5, 5]);
    expect(verticalExtent([line([0], [Number.NaN])], 0, 1, false)).toBeNull();
    expect(horizontalExtent([line([], [])])).toBeNull();
  });
});

describe("a zoom asks the server", () => {
  it("only where rows stand for several points, and for the steps around the range", () => {
    expect(missingSteps([line([0, 10, 20, 30], [1, 2, 3, 4])], 12, 18)).toBeNull();
    expect(missingSteps([line([0, 10, 20, 30], [1, 2, 3, 4], {}, 10)], 12, 18)).toEqual({ from: 10, to: 20 });
  });
});

it("finds the nearest point", () => {
  const places = Float64Array.of(0, 10, 20);
  expect([-5, 4, 6, 99].map((x) => rowNearest(places, x))).toEqual([0, 0, 1, 2]);
  expect(rowNearest(new Float64Array(0), 1)).toBe(-1);
});
