import type { ClientBase } from "pg";
import { seriesId } from "./gather-series.js";
import type { FullChunk, SharedAxis } from "./grow-series.js";
import { insertRunRows } from "./insert-run-rows.js";
import { decodeAt } from "./metric-damage.js";
import { Pyramid } from "./pyramid.js";
import { float8 } from "./store-summaries.js";
import { encodeSummaries, mergeSummaries, type Summary, toSummaries } from "./summary.js";
import type { Tail } from "./tail.js";
import type { TimeSlice } from "./time-slice.js";

type RunKey = { id: string; distKey: number };

/** Chunks that a rollup speaks for: 30,720 points, and their summaries fit a row that is read in line. */
export const ROLLUP_CHUNKS = 64;

const summaryColumns = [
  "points",
  "first_arrival",
  "last_arrival",
  "first_step",
  "last_step",
  "last_time",
  "first",
  "last",
  "min",
  "max",
  "nans",
  "plus_infinities",
  "minus_infinities",
  "ascending",
];

function summaryRow(s: Summary): unknown[] {
  const extreme = (value: number) => float8(Number.isNaN(value) ? null : value);
  return [
    s.points,
    s.firstArrival,
    s.lastArrival,
    s.firstStep,
    s.lastStep,
    float8(s.lastTime),
    float8(s.first),
    float8(s.last),
    extreme(s.min),
    extreme(s.max),
    s.nans,
    s.plusInfinities,
    s.minusInfinities,
    s.ascending === 1,
  ];
}

export function storeAxes(client: ClientBase, run: RunKey, axes: SharedAxis[]): Promise<void> {
  return insertRunRows(
    client,
    "metric_axis",
    run,
    ["no", "axis"],
    axes.map(({ no, axis }) => [no, axis]),
  );
}

export function storeChunks(client: ClientBase, run: RunKey, chunks: FullChunk[]): Promise<void> {
  const rows = chunks.map(({ key, generation, no, axisNo, axisBlock, data, summary }) => [
    key,
    generation,
    no,
    axisNo,
    axisBlock,
    data,
    ...summaryRow(summary),
  ]);
  const columns = ["key", "lease_generation", "no", "axis_no", "axis", "data", ...summaryColumns];
  return insertRunRows(client, "metric_chunk", run, columns, rows);
}

/** Rolls up each 64 chunks that are now complete. Chunks of earlier compactions lend their summaries; call it after storeChunks. */
export async function storeRollups(client: ClientBase, run: RunKey, tails: Tail[], chunks: FullChunk[]): Promise<void> {
  const added = bySeries(chunks);
  const rows: unknown[][] = [];
  for (const { key, lease_generation, chunks: end } of tails) {
    const fresh = added.get(seriesId(key, lease_generation)) ?? [];
    const firstNo = end - fresh.length;
    for (let no = Math.floor(firstNo / ROLLUP_CHUNKS); (no + 1) * ROLLUP_CHUNKS <= end; no++) {
      const start = no * ROLLUP_CHUNKS;
      const stored = start < firstNo ? await readSummaries(client, run, key, lease_generation, start, firstNo) : [];
      const ofFresh = fresh.filter((chunk) => chunk.no >= start && chunk.no < start + ROLLUP_CHUNKS);
      const summaries = [...stored, ...ofFresh.map(({ summary }) => summary)];
      rows.push([
        key,
        lease_generation,
        no,
        encodeSummaries(toSummaries(summaries)),
        ...summaryRow(mergeSummaries(summaries)),
      ]);
    }
  }
  await insertRunRows(
    client,
    "metric_rollup",
    run,
    ["key", "lease_generation", "no", "summaries", ...summaryColumns],
    rows,
  );
}

async function readSummaries(
  client: ClientBase,
  run: RunKey,
  key: string,
  generation: number,
  start: number,
  end: number,
): Promise<Summary[]> {
  const { rows } = await client.query<{ [column: string]: number | null | boolean }>(
    `SELECT ${summaryColumns.join(", ")} FROM metric_chunk
     WHERE dist_key = $1 AND run_id = $2 AND key = $3 AND lease_generation = $4 AND no >= $5 AND no < $6 ORDER BY no`,
    [run.distKey, run.id, key, generation, start, end],
  );
  return rows.map((row) => summaryOf(summaryColumns.map((column) => row[column]!)));
}

type SummaryRow = [...numbers: number[]] & { 8: number | null; 9: number | null };

/** A summary from its columns in the order of summaryColumns. */
export function summaryOf(row: readonly unknown[]): Summary {
  const columns = row as SummaryRow;
  return {
    points: columns[0]!,
    firstArrival: columns[1]!,
    lastArrival: columns[2]!,
    firstStep: columns[3]!,
    lastStep: columns[4]!,
    lastTime: columns[5]!,
    first: columns[6]!,
    last: columns[7]!,
    min: columns[8] ?? Number.NaN,
    max: columns[9] ?? Number.NaN,
    nans: columns[10]!,
    plusInfinities: columns[11]!,
    minusInfinities: columns[12]!,
    ascending: Number(columns[13]),
  };
}

/** Puts new chunks on the pyramids of their series, as long as the series' steps ascend. */
export async function storePyramids(
  client: ClientBase,
  run: RunKey,
  tails: Tail[],
  chunks: FullChunk[],
  slice: TimeSlice,
): Promise<void> {
  const added = bySeries(chunks);
  const grown = tails.filter((tail) => tail.ascending && added.has(seriesId(tail.key, tail.lease_generation)));
  if (grown.length === 0) return;
  const { rows: stored } = await client.query<{ key: string; lease_generation: number; fine: Buffer }>(
    "SELECT key, lease_generation, fine FROM metric_pyramid WHERE dist_key = $1 AND run_id = $2 AND key = ANY($3)",
    [run.distKey, run.id, grown.map(({ key }) => key)],
  );
  const before = new Map(stored.map((row) => [seriesId(row.key, row.lease_generation), row.fine]));
  const rows: unknown[][] = [];
  for (const { key, lease_generation } of grown) {
    await slice.pause();
    const id = seriesId(key, lease_generation);
    const fine = before.get(id);
    const place = () => ({ runId: run.id, key, what: `the pyramid of generation ${lease_generation}` });
    const pyramid = fine ? decodeAt(place, () => Pyramid.open(fine)) : Pyramid.empty();
    for (const { axis, values } of added.get(id)!) pyramid.add(axis, values);
    const encoded = pyramid.encode();
    rows.push([key, lease_generation, encoded.coarse, encoded.fine]);
  }
  await insertRunRows(
    client,
    "metric_pyramid",
    run,
    ["key", "lease_generation", "coarse", "fine"],
    rows,
    "ON CONFLICT (dist_key, run_id, key, lease_generation) DO UPDATE SET coarse = excluded.coarse, fine = excluded.fine",
  );
}

function bySeries(chunks: FullChunk[]): Map<string, FullChunk[]> {
  const found = new Map<string, FullChunk[]>();
  for (const chunk of chunks) {
    const id = seriesId(chunk.key, chunk.generation);
    const others = found.get(id);
    if (others) others.push(chunk);
    else found.set(id, [chunk]);
  }
  return found;
}
