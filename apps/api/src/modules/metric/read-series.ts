import type { ClientBase, Pool } from "pg";
import { concatPoints, orderPoints, type Points, selectPoints } from "./points.js";
import { type ChunkSummary, type Part, type RunParts, type RunToRead, readParts } from "./read-parts.js";
import { pointStretches, type SeriesColumns, thinSeries } from "./thin-series.js";

/** keys null: all. from and to: steps, inclusive. maxPoints null: every point, however many. */
export type SeriesRequest = {
  runs: RunToRead[];
  keys: string[] | null;
  from: number | null;
  to: number | null;
  maxPoints: number | null;
};

/** count: points in the range; exact: all of them are in the columns. */
export type ReadSeries = SeriesColumns & { runId: string; key: string; count: number; exact: boolean };

/**
 * Series of many runs, columnar, by ascending step. Points that a later lease generation superseded are left out; of points at one step the
 * one that arrived last stays. A run without a point of a key gives no series for it. Each series has at most maxPoints rows and is decoded
 * at most maxPoints chunks deep: beyond that the chunks' summaries are thinned instead.
 */
export async function readSeries(db: Pool | ClientBase, request: SeriesRequest): Promise<ReadSeries[]> {
  const groups = new Map<number, RunToRead[]>();
  for (const run of request.runs) groups.set(run.distKey, [...(groups.get(run.distKey) ?? []), run]);
  const found: ReadSeries[] = [];
  for (const [distKey, runs] of groups) {
    const read = (some: RunToRead[], summariesFrom: number) => readParts(db, distKey, some, request, summariesFrom);
    const parts = await read(runs, request.maxPoints ?? 2 ** 31 - 1);
    // Summaries of chunks that overlap in steps cannot tell which point replaced which: those runs are read whole.
    const whole = runs.filter((run) => [...parts.get(run.id)!.series.values()].some(needsPoints));
    if (whole.length > 0) for (const [id, run] of await read(whole, 2 ** 31 - 1)) parts.set(id, run);
    for (const run of runs) found.push(...assemble(run, parts.get(run.id)!, request));
  }
  return found;
}

function needsPoints(parts: Part[]): boolean {
  if (parts.every((part) => part.decode)) return false;
  let last = -1;
  for (const { summary } of parts) {
    if (!summary) continue;
    if (summary.firstStep <= last) return true;
    last = summary.lastStep;
  }
  return parts.some(({ summary, decode }) => !summary && decode!().steps.some((step) => step <= last));
}

function assemble(run: RunToRead, { cutoffs, series }: RunParts, request: SeriesRequest): ReadSeries[] {
  const read: ReadSeries[] = [];
  for (const [key, parts] of series) {
    const columns = parts.every((part) => part.decode)
      ? fromPoints(pointsOf(run, parts, cutoffs, request), request.maxPoints)
      : fromSummaries(run, parts, cutoffs, request);
    if (columns) read.push({ runId: run.id, key, ...columns });
  }
  return read;
}

/** All visible points of the parts that have data, by ascending step. */
function pointsOf(run: RunToRead, parts: Part[], cutoffs: Map<number, number>, { from, to }: SeriesRequest): Points {
  const visible = parts.map((part) => {
    const points = part.decode!();
    const last = Math.min(cutoffs.get(part.generation) ?? Number.POSITIVE_INFINITY, to ?? Number.POSITIVE_INFINITY);
    const first = from ?? 0;
    const upTo = run.upTo ?? Number.POSITIVE_INFINITY;
    // Most charts show everything: then no point needs to be looked at here.
    if (first === 0 && last === Number.POSITIVE_INFINITY && upTo === Number.POSITIVE_INFINITY) return points;
    const kept: number[] = [];
    for (let i = 0; i < points.steps.length; i++) {
      const step = points.steps[i]!;
      if (step >= first && step <= last && points.arrivals[i]! <= upTo) kept.push(i);
    }
    return kept.length === points.steps.length ? points : selectPoints(points, kept);
  });
  return orderPoints(concatPoints(visible));
}

type Assembled = SeriesColumns & { count: number; exact: boolean };

function fromPoints({ steps, times, values }: Points, maxPoints: number | null): Assembled | null {
  const count = steps.length;
  if (count === 0) return null;
  if (maxPoints === null || count <= maxPoints)
    return { steps, times, values, min: null, max: null, count, exact: true };
  return { ...thinSeries(pointStretches(steps, times, values), maxPoints), count, exact: false };
}

/** From the summaries of chunks and the points after them. The range's ends are exact to a chunk, which is less than a bucket. */
function fromSummaries(run: RunToRead, parts: Part[], cutoffs: Map<number, number>, request: SeriesRequest): Assembled {
  const chunks = parts.flatMap((part) => part.summary ?? []);
  const recent = parts.filter((part) => !part.summary);
  const tail = pointsOf(run, recent, cutoffs, request);
  const points = pointStretches(tail.steps, tail.times, tail.values);
  const join = (ofChunk: (chunk: ChunkSummary) => number, ofPoints: Float64Array) =>
    Float64Array.from([...chunks.map(ofChunk), ...ofPoints]);
  const stretches = {
    steps: join((chunk) => chunk.lastStep, points.steps),
    times: join((chunk) => chunk.lastTime, points.times),
    values: join((chunk) => chunk.last, points.values),
    min: join((chunk) => chunk.min ?? Number.NaN, points.min),
    max: join((chunk) => chunk.max ?? Number.NaN, points.max),
    nonFinite: join((chunk) => chunk.nonFinite ?? 0, points.nonFinite),
  };
  const count = parts.reduce((sum, part) => sum + (part.summary ? part.points : 0), tail.steps.length);
  return { ...thinSeries(stretches, request.maxPoints!), count, exact: false };
}
