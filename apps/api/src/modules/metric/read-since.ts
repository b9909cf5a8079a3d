import type { Pool } from "pg";
import { decodeChunk } from "./chunk-codec.js";
import { concatPoints, type Points, selectPoints } from "./points.js";
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

/** Arrivals in one delta, and points at which it is cut short: a reader far behind catches up in bounded bites. */
const bite = { arrivals: 256, points: 50_000 } as const;

const sql = `
  SELECT 'stream' AS kind, NULL AS key, 0 AS generation, arrivals AS arrival, 0 AS part, NULL::bigint AS step, NULL::bytea AS data
  FROM metric_stream WHERE dist_key = $1 AND run_id = $2
  UNION ALL
  SELECT 'takeover', NULL, generation, arrival, 0, resumed_from_step, NULL
  FROM run_generation WHERE dist_key = $1 AND run_id = $2
  UNION ALL
  SELECT 'chunk', key, lease_generation, first_arrival, part, NULL, data
  FROM metric_chunk WHERE dist_key = $1 AND run_id = $2 AND last_arrival > $3 AND first_arrival <= $4
  UNION ALL
  SELECT 'frame', NULL, lease_generation, arrival, 0, NULL, frame
  FROM metric_frame WHERE dist_key = $1 AND run_id = $2 AND arrival > $3 AND arrival <= $4
  ORDER BY arrival, part`;

type Row = {
  kind: "stream" | "takeover" | "chunk" | "frame";
  key: string;
  generation: number;
  arrival: number;
  step: number;
  data: Buffer;
};

/** The next bite of a run's metrics after arrival `after`, at most up to `limit`; one statement, so that compaction hides nothing. */
export async function readSince(
  pool: Pool,
  run: { id: string; distKey: number },
  after: number,
  limit: number | null,
): Promise<Delta> {
  const last = Math.min(after + bite.arrivals, limit ?? Number.POSITIVE_INFINITY);
  const { rows } = await pool.query<Row>({
    name: "metric-read-since",
    text: sql,
    values: [run.distKey, run.id, after, last],
  });
  const newest = Math.min(rows.find((row) => row.kind === "stream")?.arrival ?? 0, limit ?? Number.POSITIVE_INFINITY);
  const pieces = rows.flatMap(piecesOf);
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

type Piece = { key: string; generation: number; points: Points };

function piecesOf(row: Row): Piece[] {
  if (row.kind === "chunk") return [{ key: row.key, generation: row.generation, points: decodeChunk(row.data) }];
  if (row.kind !== "frame") return [];
  return decodeFrame(row.data, row.arrival).map(({ key, points }) => ({ key, generation: row.generation, points }));
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
