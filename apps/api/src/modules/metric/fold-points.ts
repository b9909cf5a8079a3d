import { orderPoints, type Points } from "./points.js";
import { pointStretches, type SeriesColumns, type Stretches, thinSeries } from "./thin-series.js";

/** New points of one series: as they were logged, in order of arrival (`exact`), or rows that stand for `count` of them, by step. */
export type FeedSeries = SeriesColumns & { key: string; count: number; exact: boolean };

/**
 * New points of some series, thinned as they come to at most `maxPoints` rows each (null: all of them), so that a subscriber far behind
 * costs no more memory than one that keeps up. A row keeps minimum, maximum and last value of its points: no spike is lost.
 */
export class PointFold {
  readonly #series = new Map<string, { count: number; points: Points[]; rows: Stretches[] }>();

  constructor(
    private readonly keys: ReadonlySet<string> | null,
    private readonly maxPoints: number | null,
  ) {}

  add(points: ReadonlyMap<string, Points>): void {
    for (const [key, added] of points) {
      if (this.keys && !this.keys.has(key)) continue;
      const series = this.#series.get(key) ?? { count: 0, points: [], rows: [] };
      this.#series.set(key, series);
      series.count += added.steps.length;
      series.points.push(added);
      if (this.maxPoints === null || series.count <= this.maxPoints) continue;
      for (const part of series.points) series.rows.push(thinned(part, this.maxPoints));
      series.points = [];
    }
  }

  result(): FeedSeries[] {
    return [...this.#series].map(([key, { count, points, rows }]) => {
      if (rows.length > 0) return { key, count, exact: false, ...thinSeries([byStep(rows)], this.maxPoints!) };
      const column = (name: "steps" | "times" | "values") => joined(points.map((part) => part[name]));
      const columns = { steps: column("steps"), times: column("times"), values: column("values") };
      return { key, count, exact: true, ...columns, min: null, max: null };
    });
  }
}

function thinned(points: Points, maxPoints: number): Stretches {
  const { steps, times, values } = orderPoints(points);
  if (steps.length <= maxPoints) return pointStretches(steps, times, values);
  const rows = thinSeries([pointStretches(steps, times, values)], maxPoints);
  // A row whose value is not finite says so for all its points; one without any finite value has no extremes.
  return { ...rows, min: rows.min!, max: rows.max!, nonFinite: rows.values };
}

const columnNames = ["steps", "times", "values", "min", "max", "nonFinite"] as const;

/** Rows of several bites, by step; what came later goes on from what came before, unless a run was logged out of order. */
function byStep(parts: Stretches[]): Stretches {
  const all = Object.fromEntries(
    columnNames.map((name) => [name, joined(parts.map((part) => part[name]))]),
  ) as Stretches;
  const { steps } = all;
  if (steps.every((step, i) => i === 0 || step >= steps[i - 1]!)) return all;
  const order = Uint32Array.from(steps.keys()).sort((a, b) => steps[a]! - steps[b]! || a - b);
  return Object.fromEntries(
    columnNames.map((name) => [name, Float64Array.from(order, (index) => all[name][index]!)]),
  ) as Stretches;
}

function joined(parts: Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
