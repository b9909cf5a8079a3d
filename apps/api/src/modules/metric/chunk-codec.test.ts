import { describe, expect, it } from "vitest";
import { CHUNK_POINTS, decodeChunk, encodeChunk } from "./chunk-codec.js";
import type { Points } from "./points.js";

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function pointsOf(
  length: number,
  row: (i: number) => [step: number, time: number, arrival: number, value: number],
): Points {
  const rows = Array.from({ length }, (_, i) => row(i));
  const column = (index: 0 | 1 | 2 | 3) => Float64Array.from(rows, (values) => values[index]);
  return { steps: column(0), times: column(1), arrivals: column(2), values: column(3) };
}

function expectSame(back: Points, points: Points): void {
  for (const column of ["steps", "times", "arrivals", "values"] as const) {
    expect(back[column].length).toBe(points[column].length);
    expect(back[column].every((value, i) => Object.is(value, points[column][i]))).toBe(true);
  }
}

const special = [Number.NaN, Infinity, -Infinity, -0, 0, 5e-324, 1.7976931348623157e308];
const start = 1_764_000_000_000;

describe("a chunk gives back every bit", () => {
  it("of any series: regular or not, whole or not, short or full", () => {
    const random = seeded(11);
    const pick = <T>(...choices: T[]): T => choices[Math.floor(random() * choices.length)]!;
    for (let round = 0; round < 300; round++) {
      const length = pick(1, 2, 3, 17, CHUNK_POINTS);
      const step = pick(
        (i: number) => i * 10,
        () => Math.floor(random() * 2 ** 53),
        (i: number) => 5_000 - i,
        (i: number) => (i % 2 ? Number.MAX_SAFE_INTEGER : 0),
      );
      const time = pick(
        (i: number) => start + i * 500,
        (i: number) => start + i * 500 + Math.floor(random() * 9),
        (i: number) => start + i / 3,
        () => 1e300,
        () => -0,
      );
      const value = pick(
        () => Math.fround(random()),
        () => random(),
        () => pick(...special),
        () => 1,
      );
      const points = pointsOf(length, (i) => [step(i), time(i), 1 + Math.floor(i / 7), value()]);
      expectSame(decodeChunk(encodeChunk(points)), points);
    }
  });

  it("and stays below the 2 kB that a row may have, for noise at irregular times", () => {
    const random = seeded(5);
    const noise = pointsOf(CHUNK_POINTS, (i) => [
      i,
      start + i * 480 + Math.floor(random() * 40),
      i + 1,
      Math.fround(Math.exp(-i / 900) + 0.05 * random()),
    ]);
    expect(encodeChunk(noise).length).toBeLessThan(1_850);
  });

  it("or says that it is damaged", () => {
    const data = encodeChunk(pointsOf(100, (i) => [i, i, i, i]));
    expect(() => decodeChunk(data.subarray(0, data.length - 4))).toThrow();
    data.writeUInt32LE(99, 0);
    expect(() => decodeChunk(data)).toThrow();
  });
});
