import type { Pool } from "pg";
import type { RunToRead } from "../metric/read-parts.js";

/** A series and how many points it has at most; points that were replaced may be counted in. */
export type SeriesSize = { readonly key: string; readonly points: number };

/**
 * The series of runs, by run id, in order of their keys. A run that is shown as of a past moment may then have had series of which all
 * points were superseded since: those are found in what compaction left.
 */
export async function seriesSizes(
  pool: Pool,
  runs: readonly RunToRead[],
  keys: readonly string[] | null,
): Promise<Map<string, SeriesSize[]>> {
  const sizes = new Map<string, SeriesSize[]>(runs.map((run) => [run.id, []]));
  for (const distKey of new Set(runs.map((run) => run.distKey))) {
    const ids = runs.filter((run) => run.distKey === distKey).map((run) => run.id);
    const { rows } = await pool.query<[runId: string, key: string, points: number]>({
      name: "export-series-sizes",
      text: `SELECT run_id, key, max(points)::bigint FROM (
               SELECT run_id, key, points FROM metric_series
               WHERE dist_key = $1 AND run_id = ANY($2) AND ($3::text[] IS NULL OR key = ANY($3))
               UNION ALL
               SELECT run_id, key, sum(chunked_points + points) FROM metric_tail
               WHERE dist_key = $1 AND run_id = ANY($2) AND ($3::text[] IS NULL OR key = ANY($3)) GROUP BY run_id, key
             ) AS stored GROUP BY run_id, key ORDER BY run_id, key COLLATE "C"`,
      rowMode: "array",
      values: [distKey, ids, keys],
    });
    for (const [runId, key, points] of rows) sizes.get(runId)!.push({ key, points });
  }
  return sizes;
}
