import { inflateRawSync } from "node:zlib";
import type { ClientBase, Pool } from "pg";
import { transaction } from "../../transaction.js";
import { lockRun, storeGroups } from "./compact.js";
import type { SeriesGroup } from "./gather-series.js";
import { allocatePoints, concatPoints, type Points } from "./points.js";

type RunKey = { id: string; distKey: number };
type OldChunk = { key: string; lease_generation: number; data: Buffer };

/**
 * Turns the chunks of versions before 1764000000800 into today's, run by run, each in a transaction: interrupted, it goes on where it stopped.
 * For the start of the API, before anything reads; where there is nothing to convert it costs one query.
 */
export async function convertOldChunks(pool: Pool, log: (line: string) => void): Promise<void> {
  const { rows } = await pool.query<{ dist_key: number; run_id: string }>(
    "SELECT DISTINCT dist_key, run_id FROM metric_chunk_old",
  );
  if (rows.length > 0) log(`Converting the stored metrics of ${rows.length} runs to the form of this version.`);
  for (const row of rows) await convertRun(pool, { id: row.run_id, distKey: row.dist_key });
}

async function convertRun(pool: Pool, run: RunKey): Promise<void> {
  await transaction(pool, async (client) => {
    const axes = await lockRun(client, run);
    // Another API process that starts at the same time has it; it is done before that one serves.
    if (axes === null) return;
    const groups = groupsOf(await takeOldChunks(client, run));
    await storeGroups(client, run, groups, axes);
  });
}

async function takeOldChunks(client: ClientBase, run: RunKey): Promise<OldChunk[]> {
  const { rows } = await client.query<OldChunk & { first_arrival: number; part: number }>(
    `DELETE FROM metric_chunk_old WHERE dist_key = $1 AND run_id = $2
     RETURNING key, lease_generation, first_arrival, part, data`,
    [run.distKey, run.id],
  );
  return rows.sort((a, b) => a.first_arrival - b.first_arrival || a.part - b.part);
}

/** The series of the chunks; those at the same points as a group. Old chunks come before all frames, and there is no tail yet. */
function groupsOf(chunks: OldChunk[]): SeriesGroup[] {
  const series = new Map<string, { key: string; generation: number; parts: Points[] }>();
  for (const { key, lease_generation: generation, data } of chunks) {
    const id = `${generation}\n${key}`;
    const one = series.get(id) ?? { key, generation, parts: [] };
    one.parts.push(decodeOldChunk(data));
    series.set(id, one);
  }
  const groups = new Map<string, SeriesGroup>();
  for (const { key, generation, parts } of series.values()) {
    const { values, ...axis } = concatPoints(parts);
    const id = [
      generation,
      ...[axis.steps, axis.times, axis.arrivals].map((column) =>
        Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString("latin1"),
      ),
    ].join("\n");
    const group = groups.get(id) ?? { generation, axis, series: [] };
    group.series.push({ key, tail: null, values });
    groups.set(id, group);
  }
  return [...groups.values()];
}

const OLD_HEAD_BYTES = 8;

/** Count (uint32), codings of steps, times and arrivals, whether values are float32; then one raw deflate stream of byte-shuffled columns. */
function decodeOldChunk(data: Buffer): Points {
  const length = data.readUInt32LE(0);
  const body = inflateRawSync(data.subarray(OLD_HEAD_BYTES), { maxOutputLength: length * 32 + 64 });
  const points = allocatePoints(length);
  let at = decodeOldColumn(body, 0, data[4]!, points.steps);
  at = decodeOldColumn(body, at, data[5]!, points.times);
  at = decodeOldColumn(body, at, data[6]!, points.arrivals);
  const width = data[7] ? 4 : 8;
  if (body.length !== at + length * width) throw new Error(`A metric chunk of ${length} points is damaged.`);
  if (data[7]) {
    const narrow = new Float32Array(length);
    unshuffle(body, at, 4, narrow);
    points.values.set(narrow);
  } else unshuffle(body, at, 8, points.values);
  return points;
}

/** Codings: 0 first value and stride, 1 first value and int32 differences, 2 every value. Fills `column`, returns the offset behind it. */
function decodeOldColumn(body: Buffer, at: number, coding: number, column: Float64Array): number {
  if (coding === 2) {
    unshuffle(body, at, 8, column);
    return at + column.byteLength;
  }
  const first = body.readDoubleLE(at);
  if (coding === 0) {
    const stride = body.readDoubleLE(at + 8);
    for (let i = 0; i < column.length; i++) column[i] = first + i * stride;
    return at + 16;
  }
  const differences = new Int32Array(column.length - 1);
  unshuffle(body, at + 8, 4, differences);
  column[0] = first;
  for (let i = 1; i < column.length; i++) column[i] = column[i - 1]! + differences[i - 1]!;
  return at + 8 + differences.byteLength;
}

function unshuffle(bytes: Buffer, at: number, width: number, column: Float64Array | Float32Array | Int32Array): void {
  const out = new Uint8Array(column.buffer);
  for (let byte = 0, from = at; byte < width; byte++)
    for (let to = byte; to < out.length; to += width) out[to] = bytes[from++]!;
}
