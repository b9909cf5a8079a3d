import type { ClientBase } from "pg";
import { decodeAxis, decodeChunk, decodeValues, joinChunk } from "../modules/metric/chunk-codec.js";
import { Pyramid } from "../modules/metric/pyramid.js";
import type { RunToRead } from "../modules/metric/read-parts.js";
import { ROLLUP_CHUNKS, summaryOf } from "../modules/metric/store-chunks.js";
import {
  decodeSummaries,
  mergeSummaries,
  type Summary,
  summariseAxis,
  summariseChunk,
  summaryAt,
} from "../modules/metric/summary.js";
import { type Damage, restore, rowsAtOnce } from "./damage.js";

type TailRow = {
  key: string;
  lease_generation: number;
  chunks: number;
  chunked_points: number;
  points: number;
  axis: Buffer;
  data: Buffer;
};

const summaryColumns = `points, first_arrival, last_arrival, first_step, last_step, last_time, first, last, min, max, nans,
  plus_infinities, minus_infinities, ascending`;
const summaryWidth = 14;

/** Decodes every chunk, tail, rollup and pyramid of a run and compares each with what is said of it. Returns the points in chunks and tails. */
export async function verifyChunks(client: ClientBase, run: RunToRead, damages: Damage[]): Promise<number> {
  const { rows: tails } = await client.query<TailRow>(
    "SELECT key, lease_generation, chunks, chunked_points, points, axis, data FROM metric_tail WHERE dist_key = $1 AND run_id = $2",
    [run.distKey, run.id],
  );
  let points = 0;
  for (const tail of tails) {
    const report = (what: string, problem: string) =>
      void damages.push({
        run: run.id,
        key: tail.key,
        what: `${what} of lease generation ${tail.lease_generation}`,
        problem,
        remedy: restore,
      });
    points += tail.points + tail.chunked_points;
    check(report, "the tail", () => {
      if (tail.points === 0) return null;
      const { steps } = decodeChunk(tail.axis, tail.data);
      return steps.length === tail.points ? null : `it holds ${steps.length} points instead of ${tail.points}`;
    });
    const summaries = await verifyFullChunks(client, run, tail, report);
    await verifyRollups(client, run, tail, summaries, report);
    await verifyPyramid(client, run, tail, report);
  }
  await reportChunksWithoutTail(client, run, tails, damages);
  return points;
}

type Report = (what: string, problem: string) => void;

function check(report: Report, what: string, problemOf: () => string | null): void {
  let problem: string | null;
  try {
    problem = problemOf();
  } catch (error) {
    problem = `it cannot be decoded: ${(error as Error).message}`;
  }
  if (problem !== null) report(what, problem);
}

/** Returns the stored summaries of the full chunks by their number. */
async function verifyFullChunks(
  client: ClientBase,
  run: RunToRead,
  tail: TailRow,
  report: Report,
): Promise<Map<number, Summary>> {
  const summaries = new Map<number, Summary>();
  let points = 0;
  for (let from = 0; from < tail.chunks; from += rowsAtOnce) {
    const { rows } = await client.query<unknown[]>({
      text: `SELECT c.no, ${summaryColumns.replaceAll(/(\w+)/g, "c.$1")}, c.axis_no, COALESCE(c.axis, a.axis), c.data
             FROM metric_chunk c LEFT JOIN metric_axis a ON a.dist_key = c.dist_key AND a.run_id = c.run_id AND a.no = c.axis_no
             WHERE c.dist_key = $1 AND c.run_id = $2 AND c.key = $3 AND c.lease_generation = $4 AND c.no >= $5 AND c.no < $6`,
      rowMode: "array",
      values: [run.distKey, run.id, tail.key, tail.lease_generation, from, from + rowsAtOnce],
    });
    for (const row of rows) {
      const summary = summaryOf(row.slice(1, 1 + summaryWidth));
      const [axisNo, axis, data] = row.slice(1 + summaryWidth) as [number | null, Buffer | null, Buffer];
      points += summary.points;
      summaries.set(row[0] as number, summary);
      check(report, `chunk ${row[0] as number}`, () => {
        if (!axis) return `its steps and times (axis ${axisNo}) are missing`;
        const decoded = joinChunk(decodeAxis(axis), decodeValues(data));
        return difference(summary, summariseChunk(summariseAxis(decoded), decoded.values));
      });
    }
  }
  for (let no = 0; no < tail.chunks; no++) if (!summaries.has(no)) report(`chunk ${no}`, "it is gone");
  if (summaries.size === tail.chunks && points !== tail.chunked_points)
    report("the chunks", `they hold ${points} points instead of ${tail.chunked_points}`);
  return summaries;
}

async function verifyRollups(
  client: ClientBase,
  run: RunToRead,
  tail: TailRow,
  summaries: ReadonlyMap<number, Summary>,
  report: Report,
): Promise<void> {
  const { rows } = await client.query<unknown[]>({
    text: `SELECT no, ${summaryColumns}, summaries FROM metric_rollup
           WHERE dist_key = $1 AND run_id = $2 AND key = $3 AND lease_generation = $4`,
    rowMode: "array",
    values: [run.distKey, run.id, tail.key, tail.lease_generation],
  });
  const found = new Map(rows.map((row) => [row[0] as number, row]));
  for (let no = 0; no < Math.floor(tail.chunks / ROLLUP_CHUNKS); no++) {
    const row = found.get(no);
    check(report, `rollup ${no}`, () => {
      if (!row) return "it is gone";
      const inside = decodeSummaries(row.at(-1) as Buffer);
      const chunks = Array.from({ length: ROLLUP_CHUNKS }, (_, i) => summaries.get(no * ROLLUP_CHUNKS + i));
      if (chunks.includes(undefined)) return null;
      for (const [i, chunk] of chunks.entries()) {
        const differs = difference(summaryAt(inside, i), chunk!);
        if (differs !== null) return `what it says of chunk ${no * ROLLUP_CHUNKS + i} is wrong: ${differs}`;
      }
      return difference(summaryOf(row.slice(1, 1 + summaryWidth)), mergeSummaries(chunks as Summary[]));
    });
  }
}

async function verifyPyramid(client: ClientBase, run: RunToRead, tail: TailRow, report: Report): Promise<void> {
  const { rows } = await client.query<{ fine: Buffer; coarse: Buffer }>(
    "SELECT fine, coarse FROM metric_pyramid WHERE dist_key = $1 AND run_id = $2 AND key = $3 AND lease_generation = $4",
    [run.distKey, run.id, tail.key, tail.lease_generation],
  );
  const [row] = rows;
  if (!row) return;
  check(report, "the pyramid", () => {
    Pyramid.open(row.fine);
    Pyramid.open(row.coarse);
    return null;
  });
}

async function reportChunksWithoutTail(
  client: ClientBase,
  run: RunToRead,
  tails: TailRow[],
  damages: Damage[],
): Promise<void> {
  const { rows } = await client.query<{ key: string; lease_generation: number; end: number }>(
    `SELECT key, lease_generation, max(no) + 1 AS end FROM metric_chunk WHERE dist_key = $1 AND run_id = $2 GROUP BY 1, 2`,
    [run.distKey, run.id],
  );
  for (const { key, lease_generation, end } of rows) {
    const tail = tails.find((one) => one.key === key && one.lease_generation === lease_generation);
    if (end > (tail?.chunks ?? 0))
      damages.push({
        run: run.id,
        key,
        what: `the tail of lease generation ${lease_generation}`,
        problem: tail
          ? `it counts ${tail.chunks} chunks, and there are ${end}`
          : "it is gone, and with it the place of the chunks before it",
        remedy: restore,
      });
  }
}

/** The first thing in which two summaries differ, in words. */
function difference(said: Summary, found: Summary): string | null {
  for (const name of Object.keys(found) as (keyof Summary)[])
    if (name in said && !Object.is(said[name], found[name]))
      return `it says ${name} is ${said[name]}, and its points say ${found[name]}`;
  return null;
}
