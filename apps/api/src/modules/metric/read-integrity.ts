import type { Pool } from "pg";
import type { Integrity } from "./metric.type.js";
import type { RunToRead } from "./read-parts.js";
import { readSeries } from "./read-series.js";

/**
 * What was acknowledged, counted when it was, against what is stored, counted now. pointsSuperseded: stored but not shown, because a later
 * lease generation or a later point at the same step took their place.
 */
export async function readIntegrity(pool: Pool, run: RunToRead): Promise<Integrity> {
  const { rows } = await pool.query<{ acknowledged: number; duplicated: number; stored: number; replaced: boolean }>({
    name: "metric-integrity",
    text: `
      SELECT s.points_acknowledged AS acknowledged, s.frames_duplicated AS duplicated,
        (SELECT COALESCE(sum(points), 0)::bigint FROM metric_frame WHERE dist_key = $1 AND run_id = $2)
        + (SELECT COALESCE(sum(points), 0)::bigint FROM metric_chunk WHERE dist_key = $1 AND run_id = $2)
        + (SELECT COALESCE(sum(points), 0)::bigint FROM metric_tail WHERE dist_key = $1 AND run_id = $2) AS stored,
        (SELECT COALESCE(sum(points), 0)::bigint FROM metric_series WHERE dist_key = $1 AND run_id = $2 AND NOT stale)
        <> s.points_acknowledged OR (SELECT count(*) FROM run_generation WHERE dist_key = $1 AND run_id = $2) > 1 AS replaced
      FROM metric_stream s WHERE s.dist_key = $1 AND s.run_id = $2`,
    values: [run.distKey, run.id],
  });
  const found = rows[0];
  if (!found) return { pointsAcknowledged: 0, pointsStored: 0, framesDuplicated: 0, pointsSuperseded: 0 };
  const shown = found.replaced ? await shownPoints(pool, run) : found.stored;
  return {
    pointsAcknowledged: found.acknowledged,
    pointsStored: found.stored,
    framesDuplicated: found.duplicated,
    pointsSuperseded: found.stored - shown,
  };
}

async function shownPoints(pool: Pool, run: RunToRead): Promise<number> {
  const series = await readSeries(pool, { runs: [run], keys: null, from: null, to: null, maxPoints: null });
  return series.reduce((sum, { count }) => sum + count, 0);
}
