import { expect } from "vitest";
import type { ReadSeries } from "./read-series.js";

export type LoggedPoint = { step: number; time: number; value: number; arrival: number; generation: number };
export type LoggedTakeover = { generation: number; step: number; arrival: number };

export type OracleRequest = {
  from: number | null;
  to: number | null;
  upTo: number | null;
  attempt: number | null;
  keepAll: boolean;
};

/** What the rules say is shown, without any speed; `points` in order of arrival. */
export function shownPoints(points: LoggedPoint[], takeovers: LoggedTakeover[], request: OracleRequest): LoggedPoint[] {
  const { from, to, keepAll } = request;
  const upTo = request.upTo ?? Number.POSITIVE_INFINITY;
  const attempt = request.attempt ?? Number.POSITIVE_INFINITY;
  const isSuperseded = (point: LoggedPoint) =>
    takeovers.some(
      ({ generation, step, arrival }) =>
        generation > point.generation && generation <= attempt && arrival <= upTo && point.step > step,
    );
  const shown = points.filter(
    (point) =>
      point.arrival <= upTo &&
      point.generation <= attempt &&
      (from === null || point.step >= from) &&
      (to === null || point.step <= to) &&
      (keepAll || !isSuperseded(point)),
  );
  const kept = keepAll ? shown : [...new Map(shown.map((point) => [point.step, point])).values()];
  return kept
    .map((point, i) => ({ point, i }))
    .sort((a, b) => a.point.step - b.point.step || a.i - b.i)
    .map(({ point }) => point);
}

/** Exact where it must be; else every row the last point of what lies between it and the row before, with the extremes of all of that. */
export function expectSeries(
  found: ReadSeries | undefined,
  expected: LoggedPoint[],
  maxPoints: number | null,
  what: string,
): void {
  if (expected.length === 0) {
    expect(found, what).toBeUndefined();
    return;
  }
  expect(found?.count, what).toBe(expected.length);
  const { steps, times, values, min, max, exact } = found!;
  if (maxPoints === null || expected.length <= maxPoints) {
    expect(exact, what).toBe(true);
    expect([...steps], what).toEqual(expected.map(({ step }) => step));
    expect([...times], what).toEqual(expected.map(({ time }) => time));
    expect([...values], what).toEqual(expected.map(({ value }) => value));
    return;
  }
  expect(steps.length, what).toBeLessThanOrEqual(maxPoints);
  expect(steps.at(-1), what).toBe(expected.at(-1)!.step);
  let next = 0;
  for (const [row, step] of steps.entries()) {
    const first = next;
    while (next < expected.length && expected[next]!.step <= step) next++;
    const bucket = expected.slice(first, next);
    const finite = bucket.map(({ value }) => value).filter(Number.isFinite);
    const last = bucket.at(-1)!;
    const where = `${what} row ${row}`;
    expect([step, times[row]], where).toEqual([last.step, last.time]);
    expect(values[row], where).toBe(worst(bucket.map(({ value }) => value)) ?? last.value);
    expect(min![row], where).toBe(finite.length > 0 ? finite.reduce((a, b) => Math.min(a, b)) : Number.NaN);
    expect(max![row], where).toBe(finite.length > 0 ? finite.reduce((a, b) => Math.max(a, b)) : Number.NaN);
  }
}

function worst(values: number[]): number | undefined {
  return [Number.NaN, Infinity, -Infinity].find((bad) => values.some((value) => Object.is(value, bad)));
}
