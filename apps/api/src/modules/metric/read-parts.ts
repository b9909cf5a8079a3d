import type { ClientBase, Pool } from "pg";
import { decodeChunk } from "./chunk-codec.js";
import { decodeAt } from "./metric-damage.js";
import type { Points } from "./points.js";
import { decodeFrame } from "./stored-frame.js";
import { bucketStretches } from "./stretches.js";
import type { Stretches } from "./thin-series.js";

/** A run whose points are wanted. `upTo`: the last arrival that is shown (a frozen share link); null shows all. */
export type RunToRead = { id: string; distKey: number; upTo: number | null };

/** Lease generation `generation` went on from step `step`. */
export type Takeover = { generation: number; step: number; arrival: number };

/** Points of a series that are not in full chunks: its tail (arrival 0: before all frames), or its part of a frame. */
export type LoosePart = { generation: number; arrival: number; points: number; decode: () => Points };

/** The full chunks of a series and lease generation, as one row says it. They never change, so they may be read in a later statement. */
export type ChunkSpan = {
  generation: number;
  chunks: number;
  points: number;
  lastArrival: number;
  firstStep: number;
  lastStep: number;
  /** Null where the steps do not ascend, or none was asked for. */
  pyramid: (() => Stretches) | null;
};

export type SeriesParts = { spans: ChunkSpan[]; loose: LoosePart[] };
/** arrivals: the run's last one. */
export type RunParts = { arrivals: number; takeovers: Takeover[]; series: Map<string, SeriesParts> };

/**
 * The pyramid is joined only where one is wanted: a join that a parameter may switch off is none of equal dist_keys to a sharded Postgres,
 * which refuses it.
 */
const sql = (pyramid: string, join: string) => `
  SELECT run_id, 'takeover' AS kind, NULL AS key, generation, arrival, 0 AS points, 0 AS chunks, 0::bigint AS chunked_points,
         resumed_from_step AS first_step, NULL::bigint AS last_step, NULL::bytea AS axis, NULL::bytea AS data, NULL::bytea AS pyramid
  FROM run_generation WHERE dist_key = $1 AND run_id = ANY($2)
  UNION ALL
  SELECT run_id, 'stream', NULL, 0, arrivals, 0, 0, 0, NULL, NULL, NULL, NULL, NULL
  FROM metric_stream WHERE dist_key = $1 AND run_id = ANY($2)
  UNION ALL
  SELECT t.run_id, 'tail', t.key, t.lease_generation, t.chunked_arrival, t.points, t.chunks, t.chunked_points, t.first_step, t.last_step,
         t.axis, t.data, ${pyramid}
  FROM metric_tail t ${join}
  WHERE t.dist_key = $1 AND t.run_id = ANY($2) AND ($3::text[] IS NULL OR t.key = ANY($3))
  UNION ALL
  SELECT run_id, 'frame', NULL, lease_generation, arrival, points, 0, 0, NULL, NULL, NULL, frame, NULL
  FROM metric_frame WHERE dist_key = $1 AND run_id = ANY($2)`;

const pyramidJoin =
  "LEFT JOIN metric_pyramid p ON p.dist_key = t.dist_key AND p.run_id = t.run_id AND p.key = t.key AND p.lease_generation = t.lease_generation";
const statements = {
  none: sql("NULL", ""),
  coarse: sql("CASE WHEN t.ascending THEN p.coarse END", pyramidJoin),
  fine: sql("CASE WHEN t.ascending THEN p.fine END", pyramidJoin),
};

type Row = [
  runId: string,
  kind: "takeover" | "stream" | "tail" | "frame",
  key: string,
  generation: number,
  arrival: number,
  points: number,
  chunks: number,
  chunkedPoints: number,
  firstStep: number,
  lastStep: number,
  axis: Buffer,
  data: Buffer,
  pyramid: Buffer | null,
];

/**
 * All that moves of runs that share `distKey`, in one statement, so that what compaction moves meanwhile is seen once: which takeovers and how
 * many full chunks there are, and every point behind the chunks.
 */
export async function readParts(
  db: Pool | ClientBase,
  distKey: number,
  runs: readonly RunToRead[],
  keys: string[] | null,
  pyramid: "none" | "coarse" | "fine",
): Promise<Map<string, RunParts>> {
  const { rows } = await db.query<Row>({
    name: `metric-read-parts-${pyramid}`,
    rowMode: "array",
    text: statements[pyramid],
    values: [distKey, runs.map((run) => run.id), keys],
  });
  const wanted = keys && new Set(keys);
  const found = new Map<string, RunParts>(
    runs.map((run) => [run.id, { arrivals: 0, takeovers: [], series: new Map() }]),
  );
  for (const row of rows) {
    const [runId, kind, key, generation, arrival, , , , firstStep] = row;
    const parts = found.get(runId)!;
    const { takeovers, series } = parts;
    const partsOf = (name: string): SeriesParts => {
      const known = series.get(name) ?? { spans: [], loose: [] };
      series.set(name, known);
      return known;
    };
    if (kind === "takeover") takeovers.push({ generation, step: firstStep, arrival });
    else if (kind === "stream") parts.arrivals = arrival;
    else if (kind === "tail") addTail(partsOf(key), row);
    else
      for (const part of framePoints(row, wanted))
        partsOf(part.key).loose.push({
          generation,
          arrival,
          points: part.points.steps.length,
          decode: () => part.points,
        });
  }
  return found;
}

function addTail({ spans, loose }: SeriesParts, row: Row): void {
  const [runId, , key, generation, arrival, points, chunks, chunkedPoints, firstStep, lastStep, axis, data, pyramid] =
    row;
  const placeOf = (what: string) => () => ({ runId, key, what: `the ${what} of lease generation ${generation}` });
  if (chunks > 0)
    spans.push({
      generation,
      chunks,
      points: chunkedPoints,
      lastArrival: arrival,
      firstStep,
      lastStep,
      pyramid: pyramid && (() => decodeAt(placeOf("pyramid"), () => bucketStretches(pyramid))),
    });
  if (points > 0) {
    const decode = () => decodeAt(placeOf("tail"), () => decodeChunk(axis, data));
    loose.push({ generation, arrival: 0, points, decode });
  }
}

function framePoints([runId, , , , arrival, , , , , , , frame]: Row, wanted: Set<string> | null) {
  const place = () => ({ runId, key: null, what: `the frame of arrival ${arrival}` });
  return decodeAt(place, () => decodeFrame(frame, arrival)).filter(({ key }) => !wanted || wanted.has(key));
}
