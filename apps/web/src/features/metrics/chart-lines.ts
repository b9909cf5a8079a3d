import type { RunCurvesPartsFragment } from "@/gql/graphql";
import type { ChartAxis, ChartView } from "./chart-view";
import type { LineStyle, MetricLine } from "./metric-lines";
import { factorOf, keyOf } from "./run-keys";
import type { SeriesBuffer } from "./series-buffer";
import { smooth } from "./smoothing";

export interface ChartRun {
  id: string;
  name: string;
  color: string;
  /** What it calls its accuracy and loss; left out where that was not asked. */
  curves?: RunCurvesPartsFragment;
}

/** One line, ready to be drawn: x in the unit of the axis, y as it shall be seen. */
export interface ChartLine {
  run: ChartRun;
  key: string;
  /** Of a line that is one of a pair; null for any other. */
  split: "train" | "val" | null;
  style: LineStyle;
  steps: Float64Array;
  x: Float64Array;
  y: Float64Array;
  /** The values before smoothing, or null without it. */
  raw: Float64Array | null;
  /** Smallest and largest logged value where a row stands for several points, or null. */
  low: Float64Array | null;
  high: Float64Array | null;
  /** Points that are not finite. */
  marks: { x: number; value: number }[];
}

/** What turns a step or a time of one run into a place on the axis. */
export interface RunScale {
  /** Steps of an epoch; null while unknown, then an epoch axis shows nothing of the run. */
  stepsPerEpoch: number | null;
  /** Time of the run's first point in ms. */
  start: number;
}

/**
 * A line of fewer points than this is one of evaluations: each is shown as a dot, and none is smoothed, because what an evaluation
 * measured is no noise about its neighbours and the area between two smoothed lines would be no gap that was ever measured.
 */
export const evaluationsBelow = 40;

/** Places on the axis for points of one run. */
function toAxis(axis: ChartAxis, scale: RunScale, steps: Float64Array, times: Float64Array): Float64Array {
  if (axis === "time") return times.map((time) => (time - scale.start) / 1000);
  if (axis === "epoch") return steps.map((step) => (scale.stepsPerEpoch ? step / scale.stepsPerEpoch : Number.NaN));
  return steps;
}

/** The line of one series under a view. */
export function chartLine(
  buffer: SeriesBuffer,
  run: ChartRun,
  line: MetricLine,
  view: Pick<ChartView, "axis" | "smoothing">,
  scale: RunScale,
): ChartLine {
  const { steps, times } = buffer;
  const key = keyOf(run, line);
  const factor = factorOf(run, key);
  const scaled = (column: Float64Array) => (factor === 1 ? column : column.map((value) => value * factor));
  const values = scaled(buffer.values);
  const smoothing = values.length < evaluationsBelow ? 0 : view.smoothing;
  const folded = !buffer.exact;
  return {
    run,
    key,
    split: line.role?.split ?? null,
    style: line.style,
    steps,
    x: toAxis(view.axis, scale, steps, times),
    y: smooth(values, smoothing),
    raw: smoothing > 0 ? values : null,
    low: folded ? scaled(buffer.min) : null,
    high: folded ? scaled(buffer.max) : null,
    marks: buffer.marks.map(({ step, time, value }) => ({
      x: toAxis(view.axis, scale, Float64Array.of(step), Float64Array.of(time))[0]!,
      value,
    })),
  };
}

/** Index of the last place at or before `x`, or -1. */
export function rowBefore(places: Float64Array, x: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the place nearest to `x`, or -1 for an empty line. */
export function rowNearest(places: Float64Array, x: number): number {
  const before = rowBefore(places, x);
  if (before < 0) return places.length > 0 ? 0 : -1;
  if (before === places.length - 1) return before;
  return x - places[before]! <= places[before + 1]! - x ? before : before + 1;
}

/** From the first to the last place of all lines; null while there is none. */
export function horizontalExtent(lines: ChartLine[]): [number, number] | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { x } of lines) {
    if (x.length === 0 || !Number.isFinite(x[0]!)) continue;
    from = Math.min(from, x[0]!);
    to = Math.max(to, x.at(-1)!);
  }
  return from <= to ? [from, to] : null;
}

/**
 * Smallest and largest finite value of all lines between two places, thinned points' extremes included; a logarithmic axis counts
 * only what is above zero. Null when there is nothing.
 */
export function verticalExtent(lines: ChartLine[], from: number, to: number, log: boolean): [number, number] | null {
  let bottom = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const first = Math.max(0, rowBefore(line.x, from));
    const last = Math.min(line.x.length - 1, rowBefore(line.x, to) + 1);
    for (const values of [line.raw ?? line.y, line.low, line.high]) {
      if (!values) continue;
      for (let row = first; row <= last; row++) {
        const value = values[row]!;
        if (!Number.isFinite(value) || (log && value <= 0)) continue;
        if (value < bottom) bottom = value;
        if (value > top) top = value;
      }
    }
  }
  return bottom <= top ? [bottom, top] : null;
}

/** The steps that have to be asked for to see every point of these lines between two places, or null where all are there. */
export function missingSteps(lines: ChartLine[], from: number, to: number): { from: number; to: number } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    if (!line.low || line.x.length === 0) continue;
    const start = Math.max(0, rowBefore(line.x, from));
    const end = Math.min(line.x.length - 1, rowBefore(line.x, to) + 1);
    first = Math.min(first, line.steps[start]!);
    last = Math.max(last, line.steps[end]!);
  }
  return first <= last ? { from: Math.max(0, first), to: last } : null;
}
