import type { Axis } from "./chunk-codec.js";
import { decodeColumns, encodeColumns } from "./column-codec.js";

/** What is known of a stretch of a series without its points: of a chunk, of a rollup of chunks, of a bucket of a pyramid. */
export type Summary = {
  points: number;
  firstArrival: number;
  lastArrival: number;
  /** The lowest and the highest step; `first` and `last` are the values there, of equal steps the later. */
  firstStep: number;
  lastStep: number;
  lastTime: number;
  first: number;
  last: number;
  /** Of the finite values; NaN where there is none. */
  min: number;
  max: number;
  nans: number;
  plusInfinities: number;
  minusInfinities: number;
  /** 1 where each step is above the one before. Else points may have replaced others, and only the points themselves tell. */
  ascending: number;
};

const names: readonly (keyof Summary)[] = [
  "points",
  "firstArrival",
  "lastArrival",
  "firstStep",
  "lastStep",
  "lastTime",
  "first",
  "last",
  "min",
  "max",
  "nans",
  "plusInfinities",
  "minusInfinities",
  "ascending",
];

/** Many summaries, column by column; row i of each belongs together. */
export type Summaries = { readonly [name in keyof Summary]: Float64Array };

export function allocateSummaries(length: number): Summaries {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(length)])) as Summaries;
}

export function toSummaries(rows: readonly Summary[]): Summaries {
  return Object.fromEntries(names.map((name) => [name, Float64Array.from(rows, (row) => row[name])])) as Summaries;
}

/** Written out: it runs once a chunk in every chart, and an object made from entries takes ten times as long. */
export function summaryAt(all: Summaries, i: number): Summary {
  return {
    points: all.points[i]!,
    firstArrival: all.firstArrival[i]!,
    lastArrival: all.lastArrival[i]!,
    firstStep: all.firstStep[i]!,
    lastStep: all.lastStep[i]!,
    lastTime: all.lastTime[i]!,
    first: all.first[i]!,
    last: all.last[i]!,
    min: all.min[i]!,
    max: all.max[i]!,
    nans: all.nans[i]!,
    plusInfinities: all.plusInfinities[i]!,
    minusInfinities: all.minusInfinities[i]!,
    ascending: all.ascending[i]!,
  };
}

export function encodeSummaries(summaries: Summaries, options?: { deflate: boolean }): Buffer {
  return encodeColumns(
    names.map((name) => summaries[name]),
    options,
  );
}

/** Inverse of encodeSummaries. Throws DamagedBlockError. */
export function decodeSummaries(block: Buffer): Summaries {
  const columns = decodeColumns(block, names.length);
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!])) as Summaries;
}

const drawn = ["lastStep", "lastTime", "last", "min", "max", "nans", "plusInfinities", "minusInfinities"] as const;
const drawnAt = drawn.map((name) => names.indexOf(name));

/** As decodeSummaries, but only what a chart draws: it is read by the thousand. */
export function decodeDrawn(block: Buffer): Pick<Summaries, (typeof drawn)[number]> {
  const [lastStep, lastTime, last, min, max, nans, plusInfinities, minusInfinities] = decodeColumns(
    block,
    names.length,
    drawnAt,
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return { lastStep, lastTime, last, min, max, nans, plusInfinities, minusInfinities };
}

/** What the axis alone says of a chunk, computed once for all the series that share it. */
export type AxisSummary = Pick<
  Summary,
  "points" | "firstArrival" | "lastArrival" | "firstStep" | "lastStep" | "lastTime" | "ascending"
> & { firstAt: number; lastAt: number };

export function summariseAxis({ steps, times, arrivals }: Axis): AxisSummary {
  let firstAt = 0;
  let lastAt = 0;
  let ascending = 1;
  for (let i = 1; i < steps.length; i++) {
    if (steps[i]! <= steps[i - 1]!) ascending = 0;
    if (steps[i]! <= steps[firstAt]!) firstAt = i;
    if (steps[i]! >= steps[lastAt]!) lastAt = i;
  }
  return {
    points: steps.length,
    firstArrival: arrivals[0]!,
    lastArrival: arrivals[arrivals.length - 1]!,
    firstStep: steps[firstAt]!,
    lastStep: steps[lastAt]!,
    lastTime: times[lastAt]!,
    ascending,
    firstAt,
    lastAt,
  };
}

export function summariseChunk({ firstAt, lastAt, ...axis }: AxisSummary, values: Float64Array): Summary {
  let min = Number.NaN;
  let max = Number.NaN;
  let nans = 0;
  let plusInfinities = 0;
  let minusInfinities = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      // A comparison with NaN is false: asked this way round it lets the first finite value in.
      if (!(min <= value)) min = value;
      if (!(max >= value)) max = value;
    } else if (value > 0) plusInfinities++;
    else if (value < 0) minusInfinities++;
    else nans++;
  }
  return { ...axis, first: values[firstAt]!, last: values[lastAt]!, min, max, nans, plusInfinities, minusInfinities };
}

/** Summaries of stretches that follow each other, as one. */
export function mergeSummaries(parts: readonly Summary[]): Summary {
  const merged = { ...parts[0]! };
  for (const part of parts.slice(1)) {
    if (part.firstStep <= merged.lastStep || !part.ascending) merged.ascending = 0;
    if (part.firstStep <= merged.firstStep) [merged.firstStep, merged.first] = [part.firstStep, part.first];
    if (part.lastStep >= merged.lastStep)
      [merged.lastStep, merged.last, merged.lastTime] = [part.lastStep, part.last, part.lastTime];
    if (!(merged.min <= part.min) && !Number.isNaN(part.min)) merged.min = part.min;
    if (!(merged.max >= part.max) && !Number.isNaN(part.max)) merged.max = part.max;
    merged.points += part.points;
    merged.lastArrival = part.lastArrival;
    merged.nans += part.nans;
    merged.plusInfinities += part.plusInfinities;
    merged.minusInfinities += part.minusInfinities;
  }
  return merged;
}
