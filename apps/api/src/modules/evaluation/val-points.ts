import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";
import { findSeriesNames } from "./series-names.js";

/** How many points runs have logged on val, of the series that tell of their gaps; a run without such series is left out. */
export async function valPoints(pool: Pool, runs: readonly Run[]): Promise<Map<string, number>> {
  const keys = [...(await findSeriesNames(pool, runs))].flatMap(([id, { pairs }]) =>
    [pairs.accuracy, pairs.loss].flatMap((pair) => (pair ? [{ id, key: pair.val }] : [])),
  );
  const distKeyOf = new Map(runs.map((run) => [run.id, run.distKey]));
  const { rows } = await pool.query<{ run_id: string; points: number }>({
    name: "evaluation-val-points",
    text: `SELECT s.run_id, sum(s.points)::float8 AS points
           FROM unnest($1::bigint[], $2::text[], $3::text[]) AS w(dist_key, run_id, key) JOIN metric_series s USING (dist_key, run_id, key)
           GROUP BY s.run_id`,
    values: [keys.map(({ id }) => distKeyOf.get(id)!), keys.map(({ id }) => id), keys.map(({ key }) => key)],
  });
  return new Map(rows.map((row) => [row.run_id, row.points]));
}
