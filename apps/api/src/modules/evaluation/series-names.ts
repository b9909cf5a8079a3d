import { type CurveKeys, findCurveKeys, findGapPairs, type GapPairs, pairedKeys } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";

/** How a run calls what it logged of accuracy and loss: the pairs that tell of the gap, and the curves that can be drawn. */
export type SeriesNames = { pairs: GapPairs; curves: CurveKeys };

/** By run id, in one statement. */
export async function findSeriesNames(pool: Pool, runs: readonly Run[]): Promise<Map<string, SeriesNames>> {
  const { rows } = await pool.query<{ run_id: string; keys: string[] }>({
    name: "evaluation-paired-keys",
    text: `SELECT s.run_id, array_agg(s.key) AS keys
           FROM unnest($1::bigint[], $2::text[]) AS w(dist_key, run_id) JOIN metric_series s USING (dist_key, run_id)
           WHERE s.key = ANY($3) GROUP BY s.run_id`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), pairedKeys],
  });
  const found = new Map(rows.map((row) => [row.run_id, new Set(row.keys)]));
  return new Map(
    runs.map((run) => {
      const keys = found.get(run.id) ?? new Set<string>();
      const pairs = run.gapPairs ?? findGapPairs(keys);
      return [run.id, { pairs, curves: findCurveKeys(keys, pairs) }];
    }),
  );
}
