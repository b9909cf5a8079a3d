import type { ClientBase, Pool } from "pg";
import { type Axis, decodeAxis, decodeValues, joinChunk } from "./chunk-codec.js";
import { decodeAt, metricDamage } from "./metric-damage.js";
import type { Points } from "./points.js";
import { summaryOf } from "./store-chunks.js";
import { decodeSummaries, type Summaries, type Summary } from "./summary.js";

/** Full chunks `fromNo` to `toNo` − 1 of a series and lease generation, as far as they have steps from `firstStep` to `lastStep`. */
export type ChunkRange = {
  runId: string;
  key: string;
  generation: number;
  fromNo: number;
  toNo: number;
  firstStep: number;
  lastStep: number;
  withData: boolean;
};

export type StoredChunk = { range: ChunkRange; no: number; summary: Summary; decode: (() => Points) | null };
export type StoredRollup = { range: ChunkRange; no: number; summary: Summary; summaries: (() => Summaries) | null };

const summaryColumns = `points, first_arrival, last_arrival, first_step, last_step, last_time, first, last, min, max, nans, plus_infinities,
  minus_infinities, ascending`;
const SUMMARY_COLUMNS = 14;

// A subquery with its own order keeps the planner at one index scan a range, whatever it believes about unnest.
const overRanges = (inner: string) => `
  SELECT w.i, found.* FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::boolean[])
    WITH ORDINALITY AS w(run_id, key, lease_generation, from_no, to_no, from_step, to_step, with_data, i)
  CROSS JOIN LATERAL (${inner}) AS found`;

const chunksSql = overRanges(`
  SELECT c.no, ${summaryColumns.replaceAll(/(\w+)/g, "c.$1")}, c.axis_no,
         CASE WHEN w.with_data THEN COALESCE(c.axis, a.axis) END, CASE WHEN w.with_data THEN c.data END
  FROM metric_chunk c LEFT JOIN metric_axis a ON a.dist_key = c.dist_key AND a.run_id = c.run_id AND a.no = c.axis_no AND w.with_data
  WHERE c.dist_key = $1 AND c.run_id = w.run_id AND c.key = w.key AND c.lease_generation = w.lease_generation
    AND c.no >= w.from_no AND c.no < w.to_no AND c.last_step >= w.from_step AND c.first_step <= w.to_step
  ORDER BY c.no`);

const rollupsSql = overRanges(`
  SELECT r.no, ${summaryColumns.replaceAll(/(\w+)/g, "r.$1")}, CASE WHEN w.with_data THEN r.summaries END
  FROM metric_rollup r
  WHERE r.dist_key = $1 AND r.run_id = w.run_id AND r.key = w.key AND r.lease_generation = w.lease_generation
    AND r.no >= w.from_no AND r.no < w.to_no AND r.last_step >= w.from_step AND r.first_step <= w.to_step
  ORDER BY r.no`);

async function readRanges(db: Pool | ClientBase, name: string, text: string, distKey: number, ranges: ChunkRange[]) {
  if (ranges.length === 0) return [];
  const last = (step: number) => Math.min(step, Number.MAX_SAFE_INTEGER);
  const { rows } = await db.query<unknown[]>({
    name,
    rowMode: "array",
    text,
    values: [
      distKey,
      ranges.map((range) => range.runId),
      ranges.map((range) => range.key),
      ranges.map((range) => range.generation),
      ranges.map((range) => range.fromNo),
      ranges.map((range) => range.toNo),
      ranges.map((range) => range.firstStep),
      ranges.map((range) => last(range.lastStep)),
      ranges.map((range) => range.withData),
    ],
  });
  return rows;
}

/** Chunks by range and number. Throws DAMAGED where one is missing that should be there. */
export async function readChunks(db: Pool | ClientBase, distKey: number, ranges: ChunkRange[]): Promise<StoredChunk[]> {
  const rows = await readRanges(db, "metric-read-chunks", chunksSql, distKey, ranges);
  const axes = new Map<string, Axis>();
  const chunks = rows.map((row): StoredChunk => {
    const [at, no] = row as [number, number];
    const range = ranges[at - 1]!;
    const [axisNo, axisBlock, data] = row.slice(2 + SUMMARY_COLUMNS) as [number | null, Buffer | null, Buffer | null];
    const place = () => ({ ...range, what: `chunk ${no} of lease generation ${range.generation}` });
    const decode = () => {
      if (!axisBlock) throw metricDamage(place(), `its steps and times (axis ${axisNo}) are missing`);
      const axisId = `${range.runId} ${axisNo}`;
      const axis = axes.get(axisId) ?? decodeAt(place, () => decodeAxis(axisBlock));
      if (axisNo !== null) axes.set(axisId, axis);
      return decodeAt(place, () => joinChunk(axis, decodeValues(data!)));
    };
    return { range, no, summary: summaryOf(row.slice(2, 2 + SUMMARY_COLUMNS)), decode: range.withData ? decode : null };
  });
  checkNumbers(ranges, chunks, "chunk");
  return chunks;
}

/** Rollups by range and number (of the rollups), their chunks' summaries only where `withData`. */
export async function readRollups(
  db: Pool | ClientBase,
  distKey: number,
  ranges: ChunkRange[],
): Promise<StoredRollup[]> {
  const rows = await readRanges(db, "metric-read-rollups", rollupsSql, distKey, ranges);
  const rollups = rows.map((row): StoredRollup => {
    const [at, no] = row as [number, number];
    const range = ranges[at - 1]!;
    const block = row[2 + SUMMARY_COLUMNS] as Buffer | null;
    const place = () => ({ ...range, what: `rollup ${no} of lease generation ${range.generation}` });
    const summaries = block && (() => decodeAt(place, () => decodeSummaries(block)));
    return { range, no, summary: summaryOf(row.slice(2, 2 + SUMMARY_COLUMNS)), summaries };
  });
  checkNumbers(ranges, rollups, "rollup");
  return rollups;
}

/** A range that asked for every step has every number; else something was lost, which must not pass for a gap in the curve. */
function checkNumbers(ranges: ChunkRange[], found: { range: ChunkRange; no: number }[], what: string): void {
  const next = new Map(ranges.map((range) => [range, range.fromNo]));
  const whole = (range: ChunkRange) => range.firstStep === 0 && range.lastStep === Number.POSITIVE_INFINITY;
  for (const { range, no } of found) if (no === next.get(range)) next.set(range, no + 1);
  for (const [range, no] of next)
    if (whole(range) && no !== range.toNo)
      throw metricDamage({ ...range, what: `${what} ${no} of lease generation ${range.generation}` }, "it is missing");
}
