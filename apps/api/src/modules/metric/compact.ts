import type { ClientBase, Pool } from "pg";
import { transaction } from "../../transaction.js";
import { CHUNK_POINTS, decodeChunk, encodeChunk } from "./chunk-codec.js";
import { concatPoints, type Points, slicePoints } from "./points.js";
import type { ChunkSummary } from "./read-parts.js";
import { keepReceipts } from "./receipts.js";
import { decodeFrame } from "./stored-frame.js";

const FRAMES_AT_ONCE = 1_024;

type FrameRow = {
  arrival: number;
  writer: string;
  seq: number;
  lease_generation: number;
  digest: Buffer;
  frame: Buffer;
};
type OpenChunk = { key: string; lease_generation: number; part: number; data: Buffer };
/** `part`: the number of the first chunk that is written, for chunks that begin in the same frame. */
type Growing = { key: string; generation: number; part: number; parts: Points[] };

/**
 * Turns a run's oldest frames into chunks of at most CHUNK_POINTS points, one series each: a chart then reads hundreds of rows instead of a hundred
 * thousand. One transaction: a crash leaves frames or chunks, never both nor neither, and readers see either in one statement. A series'
 * last chunk is filled up before a new one begins. Superseded points are kept. Returns how many frames went; 0 when another process is at it.
 */
export function compactRun(pool: Pool, run: { id: string; distKey: number }): Promise<number> {
  return transaction(pool, async (client) => {
    const frames = (await lockRun(client, run)) ? await readFrames(client, run) : [];
    if (frames.length === 0) return 0;
    const growing = collectByKey(frames);
    const open = await takeOpenChunks(client, run, growing);
    for (const series of growing.values()) {
      const last = open.get(seriesId(series.key, series.generation));
      if (!last) continue;
      series.parts.unshift(decodeChunk(last.data));
      series.part = last.part;
    }
    await insertChunks(client, run, [...growing.values()]);
    await keepReceipts(client, run, frames);
    await deleteFrames(client, run, frames.at(-1)!.arrival);
    return frames.length;
  });
}

const seriesId = (key: string, generation: number): string => `${generation}\n${key}`;

/** A row of its own to lock, so that compaction does not hold up the ingest of the run. */
async function lockRun(client: ClientBase, run: { id: string; distKey: number }): Promise<boolean> {
  await client.query("INSERT INTO metric_compaction (dist_key, run_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    run.distKey,
    run.id,
  ]);
  const { rows } = await client.query(
    "SELECT FROM metric_compaction WHERE dist_key = $1 AND run_id = $2 FOR UPDATE SKIP LOCKED",
    [run.distKey, run.id],
  );
  return rows.length > 0;
}

async function readFrames(client: ClientBase, run: { id: string; distKey: number }): Promise<FrameRow[]> {
  const { rows } = await client.query<FrameRow>(
    `SELECT arrival, writer, seq, lease_generation, digest, frame FROM metric_frame
     WHERE dist_key = $1 AND run_id = $2 ORDER BY arrival LIMIT ${FRAMES_AT_ONCE}`,
    [run.distKey, run.id],
  );
  return rows;
}

function collectByKey(frames: FrameRow[]): Map<string, Growing> {
  const growing = new Map<string, Growing>();
  for (const row of frames) {
    for (const { key, points } of decodeFrame(row.frame, row.arrival)) {
      const id = seriesId(key, row.lease_generation);
      const series = growing.get(id) ?? { key, generation: row.lease_generation, part: 0, parts: [] };
      series.parts.push(points);
      growing.set(id, series);
    }
  }
  return growing;
}

/** Removes the last chunk of each growing series where it is not full, and returns it. */
async function takeOpenChunks(
  client: ClientBase,
  run: { id: string; distKey: number },
  growing: Map<string, Growing>,
): Promise<Map<string, OpenChunk>> {
  const { rows } = await client.query<OpenChunk>(
    `DELETE FROM metric_chunk c
     USING (
       SELECT DISTINCT ON (key, lease_generation) key, first_arrival, part
       FROM metric_chunk JOIN unnest($3::text[], $4::int[]) AS growing(key, lease_generation) USING (key, lease_generation)
       WHERE dist_key = $1 AND run_id = $2
       ORDER BY key, lease_generation, first_arrival DESC, part DESC
     ) AS newest
     WHERE c.dist_key = $1 AND c.run_id = $2 AND c.key = newest.key AND c.first_arrival = newest.first_arrival
       AND c.part = newest.part AND c.points < ${CHUNK_POINTS}
     RETURNING c.key, c.lease_generation, c.part, c.data`,
    [
      run.distKey,
      run.id,
      [...growing.values()].map((series) => series.key),
      [...growing.values()].map((series) => series.generation),
    ],
  );
  return new Map(rows.map((row) => [seriesId(row.key, row.lease_generation), row]));
}

async function insertChunks(
  client: ClientBase,
  run: { id: string; distKey: number },
  growing: Growing[],
): Promise<void> {
  const chunks = growing.flatMap(splitIntoChunks);
  await client.query(
    `INSERT INTO metric_chunk (dist_key, run_id, key, lease_generation, first_arrival, part, last_arrival, points, first_step, last_step,
                               last_time, last, min, max, non_finite, data)
     SELECT $1, $2, * FROM unnest($3::text[], $4::int[], $5::bigint[], $6::int[], $7::bigint[], $8::int[], $9::bigint[], $10::bigint[],
                                  $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[], $16::bytea[])`,
    [
      run.distKey,
      run.id,
      chunks.map((chunk) => chunk.key),
      chunks.map((chunk) => chunk.generation),
      chunks.map((chunk) => chunk.points.arrivals[0]),
      chunks.map((chunk) => chunk.part),
      chunks.map((chunk) => chunk.points.arrivals.at(-1)),
      chunks.map((chunk) => chunk.points.steps.length),
      chunks.map((chunk) => chunk.summary.firstStep),
      chunks.map((chunk) => chunk.summary.lastStep),
      chunks.map((chunk) => chunk.summary.lastTime),
      chunks.map((chunk) => chunk.summary.last),
      chunks.map((chunk) => chunk.summary.min),
      chunks.map((chunk) => chunk.summary.max),
      chunks.map((chunk) => chunk.summary.nonFinite),
      chunks.map((chunk) => encodeChunk(chunk.points)),
    ],
  );
}

type Chunk = { key: string; generation: number; part: number; points: Points; summary: ChunkSummary };

function splitIntoChunks({ key, generation, part, parts }: Growing): Chunk[] {
  const all = concatPoints(parts);
  const chunks: Chunk[] = [];
  for (let start = 0; start < all.steps.length; start += CHUNK_POINTS) {
    const points = slicePoints(all, start, Math.min(start + CHUNK_POINTS, all.steps.length));
    const before = chunks.at(-1);
    const sameFrame = before && before.points.arrivals[0] === points.arrivals[0];
    chunks.push({
      key,
      generation,
      part: before ? (sameFrame ? before.part + 1 : 0) : part,
      points,
      summary: summariseChunk(points),
    });
  }
  return chunks;
}

function summariseChunk({ steps, times, values }: Points): ChunkSummary {
  let at = 0;
  let firstStep = steps[0]!;
  let min: number | null = null;
  let max: number | null = null;
  let nonFinite: number | null = null;
  for (let i = 0; i < steps.length; i++) {
    const value = values[i]!;
    firstStep = Math.min(firstStep, steps[i]!);
    if (steps[i]! >= steps[at]!) at = i;
    if (!Number.isFinite(value)) nonFinite = value;
    else {
      min = Math.min(min ?? value, value);
      max = Math.max(max ?? value, value);
    }
  }
  return { firstStep, lastStep: steps[at]!, lastTime: times[at]!, last: values[at]!, min, max, nonFinite };
}

async function deleteFrames(client: ClientBase, run: { id: string; distKey: number }, upTo: number): Promise<void> {
  await client.query("DELETE FROM metric_frame WHERE dist_key = $1 AND run_id = $2 AND arrival <= $3", [
    run.distKey,
    run.id,
    upTo,
  ]);
}
