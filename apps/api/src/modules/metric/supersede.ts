import type { ClientBase } from "pg";
import { nextArrival } from "./next-arrival.js";

/**
 * Says that lease generation `generation` of a run goes on from `resumedFromStep`: points of earlier generations beyond that step are
 * superseded (kept, but no longer shown). For beginJob, in its transaction; saying it again changes nothing. The caller has checked the lease
 * and tells events.metricsStored(runId) after its commit.
 */
export async function supersede(
  client: ClientBase,
  run: { id: string; distKey: number },
  generation: number,
  resumedFromStep: number,
): Promise<void> {
  const arrival = await nextArrival(client, run);
  const { rowCount } = await client.query(
    `INSERT INTO run_generation (dist_key, run_id, generation, resumed_from_step, arrival)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [run.distKey, run.id, generation, resumedFromStep, arrival],
  );
  if (rowCount === 0) return;
  // Of a run that lags, the stored last step may be behind what is superseded.
  await client.query(
    `UPDATE metric_series SET stale = true, arrival = $3 WHERE dist_key = $1 AND run_id = $2 AND (last_step > $4
       OR EXISTS (SELECT FROM metric_stream WHERE dist_key = $1 AND run_id = $2 AND summarised < arrivals))`,
    [run.distKey, run.id, arrival, resumedFromStep],
  );
}
