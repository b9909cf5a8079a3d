import type { Pool } from "pg";
import { decodeChunk } from "./chunk-codec.js";
import { decodeAt } from "./metric-damage.js";
import { concatPoints, type Points, selectPoints } from "./points.js";
import { type ChunkRange, readChunks, readRollups } from "./read-chunks.js";
import { ROLLUP_CHUNKS } from "./store-chunks.js";
import { decodeFrame } from "./stored-frame.js";

/** What happened to a run's metrics after one arrival and up to another. */
export type Delta = {
  /** The last arrival that is in it, and the last one that there is. */
  upTo: number;
  newest: number;
  /** New points by key, in order of arrival. */
  points: Map<string, Points>;
  /** The lowest step from which a lease generation went on in this span: earlier points beyond it are void. */
  supersededAfter: number | null;
};

/**
 * Arrivals in one delta, points at which it is cut short, and bytes of frames beyond which no further one is read: a reader far behind catches
 * up in bounded bites, and reads little more than it delivers.
 */
const bite = { arrivals: 256, points: 50_000, frameBytes: 512 * 1024 } as const;

const sql = `
  SELECT 'stream' AS kind, NULL AS key, 0 AS generation, arrivals AS arrival, NULL::bigint AS step, 0 AS chunks, 0::bigint AS chunked_arrival,
         NULL::bytea AS axis, NULL::bytea AS data
  FROM metric_stream WHERE dist_key = $1 AND run_id = $2
  UNION ALL
  SELECT 'takeover', NULL, generation, arrival, resumed_from_step, 0, 0, NULL, NULL
  FROM run_generation WHERE dist_key = $1 AND run_id = $2
  UNION ALL
  SELECT 'tail', key, lease_generation, last_arrival, NULL, chunks, chunked_arrival, axis, CASE WHEN points > 0 THEN data END
  FROM metric_tail WHERE dist_key = $1 AND run_id = $2 AND last_arrival > $3
  UNION ALL
  SELECT 'frame', NULL, lease_generation, arrival, NULL, 0, 0, NULL, frame
  FROM (
    SELECT lease_generation, arrival, frame, sum(octet_length(frame)) OVER (ORDER BY arrival) - octet_length(frame) AS bytes_before
    FROM metric_frame WHERE dist_key = $1 AND run_id = $2 AND arrival > $3 AND arrival <= $4
  ) AS f WHERE bytes_before < ${bite.frameBytes}
  ORDER BY arrival`;

type Row = {
  kind: "stream" | "takeover" | "tail" | "frame";
  key: string;
  generation: number;
  arrival: number;
  step: number;
  chunks: number;
  chunked_arrival: number;
  axis: Buffer;
  data: Buffer | null;
};

type RunKey = { id: string; distKey: number };

/** The next bite of a run's metrics after arrival `after`, at most up to `limit`; what moves is read in one statement, so that compaction hides nothing. */
export async function readSince(pool: Pool, run: RunKey, after: number, limit: number | null): Promise<Delta> {
  const furthest = Math.min(after + bite.arrivals, limit ?? Number.POSITIVE_INFINITY);
  const { rows } = await pool.query<Row>({
    name: "metric-read-since",
    text: sql,
    values: [run.distKey, run.id, after, furthest],
  });
  const last = lastRead(rows, furthest);
  const newest = Math.min(rows.find((row) => row.kind === "stream")?.arrival ?? 0, limit ?? Number.POSITIVE_INFINITY);
  const pieces = [
    ...(await chunkPieces(pool, run, rows, after, last)),
    ...rows.flatMap((row) => piecesOf(run.id, row)),
  ];
  const upTo = Math.min(newest, cut(pieces, after, last));
  const takeovers = rows.filter((row) => row.kind === "takeover" && row.arrival <= upTo);
  const points = new Map<string, Points[]>();
  for (const piece of pieces) {
    const later = takeovers.filter((takeover) => takeover.generation > piece.generation);
    const lastStep = Math.min(...later.map((takeover) => takeover.step));
    const { steps, arrivals } = piece.points;
    const kept = [...steps.keys()].filter((i) => arrivals[i]! > after && arrivals[i]! <= upTo && steps[i]! <= lastStep);
    if (kept.length > 0)
      points.set(piece.key, [
        ...(points.get(piece.key) ?? []),
        kept.length === steps.length ? piece.points : selectPoints(piece.points, kept),
      ]);
  }
  const fresh = takeovers.filter((takeover) => takeover.arrival > after);
  return {
    upTo,
    newest,
    points: new Map([...points].map(([key, parts]) => [key, concatPoints(parts)])),
    supersededAfter: fresh.length > 0 ? Math.min(...fresh.map((takeover) => takeover.step)) : null,
  };
}

/** Up to where everything was read: frames beyond the bytes of a bite were not. */
function lastRead(rows: Row[], furthest: number): number {
  const frames = rows.filter((row) => row.kind === "frame");
  const bytes = frames.reduce((sum, { data }) => sum + data!.length, 0);
  return bytes < bite.frameBytes ? furthest : frames.at(-1)!.arrival;
}

type Piece = { key: string; generation: number; points: Points };

function piecesOf(runId: string, row: Row): Piece[] {
  const { generation, key, data } = row;
  if (row.kind === "tail" && data) {
    const place = () => ({ runId, key, what: `the tail of lease generation ${generation}` });
    return [{ key, generation, points: decodeAt(place, () => decodeChunk(row.axis, data)) }];
  }
  if (row.kind !== "frame") return [];
  const place = () => ({ runId, key: null, what: `the frame of arrival ${row.arrival}` });
  const frame = decodeAt(place, () => decodeFrame(data!, row.arrival));
  return frame.map(({ key, points }) => ({ key, generation, points }));
}

/** Of the full chunks those with arrivals in (after, last]. Rollups say where they begin and end, so that a long replay stays linear. */
async function chunkPieces(pool: Pool, run: RunKey, rows: Row[], after: number, last: number): Promise<Piece[]> {
  const all = rows
    .filter((row) => row.kind === "tail" && row.chunked_arrival > after)
    .map(({ key, generation, chunks }): ChunkRange => {
      const ends = { firstStep: 0, lastStep: Number.POSITIVE_INFINITY };
      return { runId: run.id, key, generation, fromNo: 0, toNo: chunks, ...ends, withData: false };
    });
  if (all.length === 0) return [];
  const inBite = (summary: { firstArrival: number; lastArrival: number }) =>
    summary.lastArrival > after && summary.firstArrival <= last;
  const rolled = all.map((range) => ({ ...range, toNo: Math.floor(range.toNo / ROLLUP_CHUNKS) }));
  const rollups = await readRollups(pool, run.distKey, rolled);
  const near = all.map((range, i) => {
    const ofSeries = rollups.filter((rollup) => rollup.range === rolled[i]);
    const before = ofSeries.filter(({ summary }) => summary.lastArrival <= after).length;
    const beyond = ofSeries.filter(({ summary }) => summary.firstArrival > last).length;
    const end = beyond > 0 ? (rolled[i]!.toNo - beyond) * ROLLUP_CHUNKS : range.toNo;
    return { ...range, fromNo: before * ROLLUP_CHUNKS, toNo: end };
  });
  const summaries = await readChunks(pool, run.distKey, near);
  const wanted = summaries
    .filter(({ summary }) => inBite(summary))
    .map(({ range, no }) => ({ ...range, fromNo: no, toNo: no + 1, withData: true }));
  const chunks = await readChunks(pool, run.distKey, wanted);
  return chunks.map(({ range: { key, generation }, decode }) => ({ key, generation, points: decode!() }));
}

/** The last arrival that still fits the bite; at least one. */
function cut(pieces: Piece[], after: number, last: number): number {
  const counts = new Map<number, number>();
  for (const { points } of pieces)
    for (const arrival of points.arrivals)
      if (arrival > after && arrival <= last) counts.set(arrival, (counts.get(arrival) ?? 0) + 1);
  let sum = 0;
  for (const arrival of [...counts.keys()].sort((a, b) => a - b)) {
    sum += counts.get(arrival)!;
    if (sum >= bite.points) return arrival;
  }
  return last;
}
