import { type Axis, CHUNK_POINTS, encodeAxis, encodeValues } from "./chunk-codec.js";
import type { GatheredSeries, SeriesGroup } from "./gather-series.js";
import { type AxisSummary, type Summary, summariseAxis, summariseChunk } from "./summary.js";
import type { Tail } from "./tail.js";
import type { TimeSlice } from "./time-slice.js";

/** A full chunk on its way into the database. `axisNo` names an axis that several series share; else `axis` has it. */
export type FullChunk = {
  key: string;
  generation: number;
  no: number;
  axisNo: number | null;
  axisBlock: Buffer | null;
  data: Buffer;
  summary: Summary;
  axis: Axis;
  values: Float64Array;
};

export type SharedAxis = { no: number; axis: Buffer };

/** Bytes of axis and values above which PostgreSQL would store a chunk out of line, and read it several times slower. */
const MOST_IN_LINE = 1_800;

/** What compaction has to write for a group of series: everything that fills a chunk as chunks, the rest as new tails. */
export type Growth = { axes: SharedAxis[]; chunks: FullChunk[]; tails: Tail[] };

type Cut = { axis: Axis; block: Buffer; axisNo: number | null; summary: AxisSummary; start: number; end: number };

/** `nextAxisNo` gives the run's next number for a shared axis. */
export async function growGroup(
  { generation, axis, series }: SeriesGroup,
  nextAxisNo: () => number,
  slice: TimeSlice,
): Promise<Growth> {
  const total = axis.steps.length;
  const fullEnd = total - (total % CHUNK_POINTS);
  const cuts: Cut[] = [];
  for (let start = 0; start < fullEnd; start += CHUNK_POINTS) {
    const part = sliceAxis(axis, start, start + CHUNK_POINTS);
    const axisNo = series.length > 1 ? nextAxisNo() : null;
    cuts.push({
      axis: part,
      block: encodeAxis(part),
      axisNo,
      summary: summariseAxis(part),
      start,
      end: start + CHUNK_POINTS,
    });
  }
  const rest = sliceAxis(axis, fullEnd, total);
  const restBlock = encodeAxis(rest);
  const growth: Growth = {
    axes: cuts.flatMap(({ axisNo, block }) => (axisNo === null ? [] : [{ no: axisNo, axis: block }])),
    chunks: [],
    tails: [],
  };
  for (const one of series) {
    await slice.pause();
    const chunks = cuts.map((cut, i) => toChunk(one, generation, cut, (one.tail?.chunks ?? 0) + i));
    for (const chunk of chunks) {
      if (!chunk.axisBlock || chunk.axisBlock.length + chunk.data.length <= MOST_IN_LINE) continue;
      const no = nextAxisNo();
      growth.axes.push({ no, axis: chunk.axisBlock });
      Object.assign(chunk, { axisNo: no, axisBlock: null });
    }
    growth.chunks.push(...chunks);
    growth.tails.push({
      ...grown(one, generation, chunks),
      points: rest.steps.length,
      last_arrival: axis.arrivals[total - 1]!,
      axis: restBlock,
      data: encodeValues(one.values.subarray(fullEnd)),
    });
  }
  return growth;
}

function toChunk(series: GatheredSeries, generation: number, cut: Cut, no: number): FullChunk {
  const values = series.values.subarray(cut.start, cut.end);
  return {
    key: series.key,
    generation,
    no,
    axisNo: cut.axisNo,
    axisBlock: cut.axisNo === null ? cut.block : null,
    data: encodeValues(values),
    summary: summariseChunk(cut.summary, values),
    axis: cut.axis,
    values,
  };
}

/** What the tail's row says of the full chunks before it. */
function grown(
  { key, tail }: GatheredSeries,
  generation: number,
  chunks: FullChunk[],
): Omit<Tail, "points" | "last_arrival" | "axis" | "data"> {
  const before = tail ?? {
    chunks: 0,
    chunked_points: 0,
    chunked_arrival: 0,
    first_step: null,
    last_step: null,
    ascending: true,
  };
  let { first_step, last_step, ascending } = before;
  for (const { summary } of chunks) {
    ascending &&= summary.ascending === 1 && summary.firstStep > (last_step ?? -1);
    first_step = Math.min(first_step ?? summary.firstStep, summary.firstStep);
    last_step = Math.max(last_step ?? summary.lastStep, summary.lastStep);
  }
  return {
    key,
    lease_generation: generation,
    chunks: before.chunks + chunks.length,
    chunked_points: before.chunked_points + chunks.length * CHUNK_POINTS,
    chunked_arrival: chunks.at(-1)?.summary.lastArrival ?? before.chunked_arrival,
    first_step,
    last_step,
    ascending,
  };
}

function sliceAxis({ steps, times, arrivals }: Axis, start: number, end: number): Axis {
  return {
    steps: steps.subarray(start, end),
    times: times.subarray(start, end),
    arrivals: arrivals.subarray(start, end),
  };
}
