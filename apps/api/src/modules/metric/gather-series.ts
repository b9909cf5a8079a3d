import { decodeMetricFrame } from "@residual/shared";
import { type Axis, decodeAxis, decodeValues } from "./chunk-codec.js";
import { decodeAt } from "./metric-damage.js";
import type { Tail } from "./tail.js";
import type { TimeSlice } from "./time-slice.js";

export type FrameRow = {
  arrival: number;
  writer: string;
  seq: number;
  lease_generation: number;
  digest: Buffer;
  frame: Buffer;
};

export type GatheredSeries = { key: string; tail: Tail | null; values: Float64Array };

/** Series of one lease generation whose tails and new points lie at the same steps, times and arrivals. */
export type SeriesGroup = { generation: number; axis: Axis; series: GatheredSeries[] };

type DecodedFrame = { row: FrameRow; columns: { key: string; axis: Axis; values: Float64Array }[] };
type Growing = {
  key: string;
  generation: number;
  tail: Tail | null;
  group: number;
  axes: Axis[];
  values: Float64Array[];
};

export const seriesId = (key: string, generation: number): string => `${generation}\n${key}`;

export async function decodeFrames(runId: string, rows: FrameRow[], slice: TimeSlice): Promise<DecodedFrame[]> {
  const frames: DecodedFrame[] = [];
  for (const row of rows) {
    frames.push(decodeRow(runId, row));
    await slice.pause();
  }
  return frames;
}

function decodeRow(runId: string, row: FrameRow): DecodedFrame {
  const place = () => ({ runId, key: null, what: `the frame of arrival ${row.arrival}` });
  const { steps, times, columns } = decodeAt(place, () => decodeMetricFrame(row.frame));
  const pickAxis = (rows: Uint32Array | null): Axis => {
    const pick = (column: Float64Array) => (rows ? Float64Array.from(rows, (at) => column[at]!) : column);
    return {
      steps: pick(steps),
      times: pick(times),
      arrivals: new Float64Array((rows ?? steps).length).fill(row.arrival),
    };
  };
  const axes = new Map<string, Axis>();
  const filled = columns.filter(({ values }) => values.length > 0);
  return {
    row,
    columns: filled.map(({ key, rows, values }) => {
      const pattern = rows ? rows.join() : "";
      const axis = axes.get(pattern) ?? pickAxis(rows);
      axes.set(pattern, axis);
      return { key, axis, values };
    }),
  };
}

/** Which series the frames add to, as [key, generation]. */
export function seriesOf(frames: DecodedFrame[]): [key: string, generation: number][] {
  const found = new Map<string, [string, number]>();
  for (const { row, columns } of frames)
    for (const { key } of columns) found.set(seriesId(key, row.lease_generation), [key, row.lease_generation]);
  return [...found.values()];
}

/** The new points of each series behind its tail, series that were logged together in one group: their axis is stored once. */
export function gatherSeries(runId: string, frames: DecodedFrame[], tails: Map<string, Tail>): SeriesGroup[] {
  const groups = new Numbering();
  const growing = new Map<string, Growing>();
  for (const { row, columns } of frames) {
    const generation = row.lease_generation;
    for (const { key, axis, values } of columns) {
      const id = seriesId(key, generation);
      let series = growing.get(id);
      if (!series) {
        const tail = tails.get(id) ?? null;
        // Encoding is deterministic: tails at the same points have the same bytes.
        const start = groups.number(`${generation} ${tail?.points ? tail.axis.toString("latin1") : ""}`);
        series = { key, generation, tail, group: start, axes: [], values: [] };
        growing.set(id, series);
      }
      series.group = groups.next(series.group, axis);
      series.axes.push(axis);
      series.values.push(values);
    }
  }
  const byGroup = new Map<number, SeriesGroup>();
  for (const { key, generation, tail, group, axes, values } of growing.values()) {
    const place = () => ({ runId, key, what: `the tail of generation ${generation}` });
    const before = tail?.points ? tail : null;
    const found = byGroup.get(group) ?? {
      generation,
      axis: joinAxes(before ? [decodeAt(place, () => decodeAxis(before.axis)), ...axes] : axes),
      series: [],
    };
    byGroup.set(group, found);
    const joined = joinColumns(before ? [decodeAt(place, () => decodeValues(before.data)), ...values] : values);
    found.series.push({ key, tail, values: joined });
  }
  return [...byGroup.values()];
}

/** Numbers for sequences: two have the same one when they began with the same text and went on with the same axes. */
class Numbering {
  readonly #starts = new Map<string, number>();
  readonly #next = new Map<number, Map<Axis, number>>();
  #count = 0;

  number(start: string): number {
    const known = this.#starts.get(start);
    if (known !== undefined) return known;
    this.#starts.set(start, this.#count);
    return this.#count++;
  }

  next(from: number, axis: Axis): number {
    const after = this.#next.get(from) ?? new Map<Axis, number>();
    this.#next.set(from, after);
    const known = after.get(axis);
    if (known !== undefined) return known;
    after.set(axis, this.#count);
    return this.#count++;
  }
}

function joinAxes(parts: Axis[]): Axis {
  return {
    steps: joinColumns(parts.map((part) => part.steps)),
    times: joinColumns(parts.map((part) => part.times)),
    arrivals: joinColumns(parts.map((part) => part.arrivals)),
  };
}

function joinColumns(parts: Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
