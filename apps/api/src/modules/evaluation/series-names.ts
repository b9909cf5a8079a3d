import { type CurveKeys, findCurveKeys, findGapPairs, type GapPairs, pairedKeys } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";

/**
 * How a run calls what it logged of accuracy and loss: the pairs that tell of the gap, and the curves that can be drawn. largest: the largest value of
 * each series, null where it has none; without those whose summary is stale.
 */
export type SeriesNames = { pairs: GapPairs; curves: CurveKeys; largest: ReadonlyMap<string, number | null> };

/** By run id, in one statement. */
export async function findSeriesNames(pool: Pool, runs: readonly Run[]): Promise<Map<string, SeriesNames>> {
  const { rows } = await pool.query<[runId: string, key: string, max: number | null, stale: boolean]>({
    name: "evaluation-paired-keys",
    rowMode: "array",
    text: `SELECT s.run_id, s.key, s.max, s.stale
           FROM unnest($1::bigint[], $2::text[]) AS w(dist_key, run_id) JOIN metric_series s USING (dist_key, run_id)
           WHERE s.key = ANY($3)`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), pairedKeys],
  });
  const keys = new Map(runs.map((run) => [run.id, new Set<string>()]));
  const largest = new Map(runs.map((run) => [run.id, new Map<string, number | null>()]));
  for (const [runId, key, max, stale] of rows) {
    keys.get(runId)!.add(key);
    if (!stale) largest.get(runId)!.set(key, max);
  }
  return new Map(
    runs.map((run) => {
      const pairs = run.gapPairs ?? findGapPairs(keys.get(run.id)!);
      return [run.id, { pairs, curves: findCurveKeys(keys.get(run.id)!, pairs), largest: largest.get(run.id)! }];
    }),
  );
}
