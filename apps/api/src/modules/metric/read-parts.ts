import type { ClientBase, Pool } from "pg";
import { decodeChunk } from "./chunk-codec.js";
import type { Points } from "./points.js";
import { decodeFrame } from "./stored-frame.js";

/** A run whose points are wanted. `upTo`: the last arrival that is shown (a frozen share link); null shows all. */
export type RunToRead = { id: string; distKey: number; upTo: number | null };

/** A stored piece of a series: a chunk, or the part of a frame that has its key. */
export type Part = {
  generation: number;
  arrival: number;
  points: number;
  /** A chunk's own summary; null for a frame. */
  summary: ChunkSummary | null;
  /** Null where the summary was asked to suffice. */
  decode: (() => Points) | null;
};

export type ChunkSummary = {
  firstStep: number;
  lastStep: number;
  lastTime: number;
  last: number;
  min: number | null;
  max: number | null;
  nonFinite: number | null;
};

/** `cutoffs`: points of generation g beyond step cutoffs.get(g) were superseded by a later one. */
export type RunParts = { cutoffs: Map<number, number>; series: Map<string, Part[]> };

type Wanted = { keys: string[] | null; from: number | null; to: number | null };

// run_id = ANY($2) says again what the joins say: the planner must not read a whole project and throw most of it away.
const sql = `
  WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest($2::text[], $3::bigint[]) AS w(run_id, up_to)
  ), takeover AS MATERIALIZED (
    SELECT g.run_id, g.generation, g.resumed_from_step
    FROM run_generation g JOIN wanted w USING (run_id)
    WHERE g.dist_key = $1 AND g.run_id = ANY($2) AND g.arrival <= COALESCE(w.up_to, g.arrival)
  ), resumed AS MATERIALIZED (
    SELECT run_id FROM takeover GROUP BY run_id HAVING count(*) > 1
  ), chunk AS (
    SELECT c.*, w.up_to IS NOT NULL OR r.run_id IS NOT NULL AS filtered, count(*) OVER (PARTITION BY c.run_id, c.key) AS chunks
    FROM metric_chunk c JOIN wanted w USING (run_id) LEFT JOIN resumed r USING (run_id)
    WHERE c.dist_key = $1 AND c.run_id = ANY($2) AND ($4::text[] IS NULL OR c.key = ANY($4)) AND c.first_arrival <= COALESCE(w.up_to, c.first_arrival)
      AND c.last_step >= COALESCE($5::bigint, c.last_step) AND c.first_step <= COALESCE($6::bigint, c.first_step)
  )
  SELECT run_id, 'takeover' AS kind, NULL AS key, generation, 0::bigint AS arrival, 0 AS part, 0 AS points, resumed_from_step AS first_step,
         NULL::bigint AS last_step, NULL::float8 AS last_time, NULL::float8 AS last, NULL::float8 AS min, NULL::float8 AS max,
         NULL::float8 AS non_finite, NULL::bytea AS data
  FROM takeover
  UNION ALL
  SELECT run_id, 'chunk', key, lease_generation, first_arrival, part, points, first_step, last_step, last_time, last, min, max,
         non_finite, CASE WHEN filtered OR chunks < $7 THEN data END
  FROM chunk
  UNION ALL
  SELECT f.run_id, 'frame', NULL, f.lease_generation, f.arrival, 0, f.points, NULL, NULL, NULL, NULL, NULL, NULL, NULL, f.frame
  FROM metric_frame f JOIN wanted w USING (run_id)
  WHERE f.dist_key = $1 AND f.run_id = ANY($2) AND f.arrival <= COALESCE(w.up_to, f.arrival)
  ORDER BY arrival, part`;

type Row = [
  runId: string,
  kind: "takeover" | "chunk" | "frame",
  key: string,
  generation: number,
  arrival: number,
  part: number,
  points: number,
  firstStep: number,
  lastStep: number,
  lastTime: number,
  last: number,
  min: number | null,
  max: number | null,
  nonFinite: number | null,
  data: Buffer | null,
];

/**
 * What is stored of runs that share `distKey`, by run and key in order of arrival; one statement, so that what compaction moves is seen once.
 * A series of `summariesFrom` chunks or more comes without the chunks' data, unless points have to be left out of it.
 */
export async function readParts(
  db: Pool | ClientBase,
  distKey: number,
  runs: RunToRead[],
  { keys, from, to }: Wanted,
  summariesFrom: number,
): Promise<Map<string, RunParts>> {
  const { rows } = await db.query<Row>({
    name: "metric-read-parts",
    rowMode: "array",
    text: sql,
    values: [distKey, runs.map((run) => run.id), runs.map((run) => run.upTo), keys, from, to, summariesFrom],
  });
  const wanted = keys && new Set(keys);
  const found = new Map<string, RunParts>(runs.map((run) => [run.id, { cutoffs: new Map(), series: new Map() }]));
  const takeovers = rows.filter((row) => row[1] === "takeover");
  for (const [runId, , , generation, , , , resumedFromStep] of takeovers) {
    const { cutoffs } = found.get(runId)!;
    for (let older = 0; older < generation; older++)
      cutoffs.set(older, Math.min(cutoffs.get(older) ?? Number.POSITIVE_INFINITY, resumedFromStep));
  }
  for (const row of rows) {
    const { series } = found.get(row[0])!;
    const add = (key: string, part: Part) => {
      const parts = series.get(key);
      if (parts) parts.push(part);
      else series.set(key, [part]);
    };
    if (row[1] === "chunk") add(row[2], chunkPart(row));
    else if (row[1] === "frame") for (const [key, part] of frameParts(row, wanted)) add(key, part);
  }
  return found;
}

function chunkPart(row: Row): Part {
  const [, , , generation, arrival, , points, firstStep, lastStep, lastTime, last, min, max, nonFinite, data] = row;
  return {
    generation,
    arrival,
    points,
    summary: { firstStep, lastStep, lastTime, last, min, max, nonFinite },
    decode: data && (() => decodeChunk(data)),
  };
}

function frameParts(row: Row, wanted: Set<string> | null): [string, Part][] {
  const [, , , generation, arrival] = row;
  return decodeFrame(row[14]!, arrival)
    .filter(({ key }) => !wanted || wanted.has(key))
    .map(({ key, points }) => [
      key,
      { generation, arrival, points: points.steps.length, summary: null, decode: () => points },
    ]);
}
