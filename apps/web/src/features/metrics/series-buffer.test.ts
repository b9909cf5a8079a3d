import { describe, expect, it } from "vitest";
import { SeriesBuffer, type SeriesColumns } from "./series-buffer";

function points(...pairs: [step: number, value: number][]): SeriesColumns {
  return {
    steps: Float64Array.from(pairs, ([step]) => step),
    times: Float64Array.from(pairs, ([step]) => step * 1000),
    values: Float64Array.from(pairs, ([, value]) => value),
  };
}

function rows(buffer: SeriesBuffer): [number, number][] {
  return Array.from(buffer.steps, (step, row) => [step, buffer.values[row]!]);
}

describe("points end up ordered by step, each step once", () => {
  it("whatever order they arrive in", () => {
    const buffer = new SeriesBuffer();
    buffer.append(points([1, 10], [3, 30], [5, 50]));
    buffer.append(points([4, 40], [2, 20]));
    expect(rows(buffer)).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [5, 50],
    ]);
  });

  it("with the later value where a step comes twice, also inside one delivery", () => {
    const buffer = new SeriesBuffer();
    buffer.append(points([1, 10], [2, 20]));
    buffer.append(points([2, 21], [3, 30], [3, 31]));
    expect(rows(buffer)).toEqual([
      [1, 10],
      [2, 21],
      [3, 31],
    ]);
  });

  it("so a replay after a reconnect changes nothing", () => {
    const buffer = new SeriesBuffer();
    const all = points([0, 1], [1, 2], [2, 3]);
    buffer.append(all);
    buffer.append(all);
    expect(rows(buffer)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(buffer.count).toBe(3);
  });
});

describe("history and live points meet without a hole or a double", () => {
  it("keeps what arrived live after the history's last step", () => {
    const buffer = new SeriesBuffer();
    buffer.append(points([9, 9], [10, 10], [11, 11]));
    buffer.replace(points([1, 1], [5, 5], [10, 10]), 10);
    expect(Array.from(buffer.steps)).toEqual([1, 5, 10, 11]);
    expect(buffer.exact).toBe(false);
    expect(buffer.count).toBe(11);
  });

  it("drops what a later lease generation superseded", () => {
    const buffer = new SeriesBuffer();
    buffer.append(points([1, 1], [2, 2], [3, Number.NaN], [4, 4]));
    buffer.dropAfter(2);
    buffer.append(points([3, 33]));
    expect(rows(buffer)).toEqual([
      [1, 1],
      [2, 2],
      [3, 33],
    ]);
    expect(buffer.marks).toEqual([]);
  });
});

describe("memory is bounded and no outlier is lost", () => {
  it("folds a million points into the capacity, keeping the extremes and the last value", () => {
    const buffer = new SeriesBuffer(1024);
    for (let from = 0; from < 1_000_000; from += 10_000) {
      const steps = Float64Array.from({ length: 10_000 }, (_, i) => from + i);
      const values = steps.map((step) => (step === 123_456 ? 99 : step === 654_321 ? -99 : Math.sin(step)));
      buffer.append({ steps, times: steps, values });
    }
    expect(buffer.length).toBeLessThanOrEqual(1024);
    expect(buffer.count).toBe(1_000_000);
    expect(Math.max(...buffer.max)).toBe(99);
    expect(Math.min(...buffer.min)).toBe(-99);
    expect(buffer.steps.at(-1)).toBe(999_999);
    expect(buffer.values.at(-1)).toBeCloseTo(Math.sin(999_999));
  });

  it("folds evenly: an early row stands for as many points as a late one", () => {
    const buffer = new SeriesBuffer(64);
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i);
    buffer.append({ steps, times: steps, values: steps });
    const gaps = Array.from(buffer.steps.slice(1), (step, row) => step - buffer.steps[row]!);
    const early = gaps[0]!;
    expect(Math.max(...gaps.slice(0, buffer.length / 4))).toBe(early);
    expect(early).toBeLessThanOrEqual((2 * 1000) / 32);
  });

  it("takes a replay into folded rows without counting it twice", () => {
    const buffer = new SeriesBuffer(64);
    const steps = Float64Array.from({ length: 1000 }, (_, i) => i);
    const all = { steps, times: steps, values: steps };
    buffer.append(all);
    buffer.append(all);
    expect(buffer.count).toBe(1000);
    expect(buffer.length).toBeLessThanOrEqual(64);
  });

  it("remembers points that are not finite, and a fold takes none of them as its value", () => {
    const buffer = new SeriesBuffer(16);
    const steps = Float64Array.from({ length: 200 }, (_, i) => i);
    const values = steps.map((step) => (step === 50 ? Number.NaN : step === 51 ? Number.POSITIVE_INFINITY : step));
    buffer.append({ steps, times: steps, values });
    expect(buffer.marks.map((mark) => [mark.step, mark.value])).toEqual([
      [50, Number.NaN],
      [51, Number.POSITIVE_INFINITY],
    ]);
    expect(Array.from(buffer.values).every(Number.isFinite)).toBe(true);
    expect(Array.from(buffer.max).every(Number.isFinite)).toBe(true);
  });
});

it("finds the row that is valid at a step", () => {
  const buffer = new SeriesBuffer();
  buffer.append(points([10, 1], [20, 2], [30, 3]));
  expect([9, 10, 25, 30, 99].map((step) => buffer.rowAt(step))).toEqual([-1, 0, 1, 2, 2]);
});
