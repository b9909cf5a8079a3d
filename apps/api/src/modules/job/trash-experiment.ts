import type pg from "pg";
import { transaction, transactionTime } from "../../transaction.js";
import type { Experiment } from "../experiment/experiment.entity.js";

/**
 * Moves an experiment to the trash with its runs; those that wait or run are cancelled. Returns the ids of the runs that went with it: what lay in
 * the trash before is left as it was. Doing it again changes nothing.
 */
export async function trashExperiment(pool: pg.Pool, { id, distKey }: Experiment): Promise<string[]> {
  return transaction(pool, async (client) => {
    const now = await transactionTime(client);
    // First, so that no run is added meanwhile: whoever makes one holds the experiment.
    await client.query("UPDATE experiment SET trashed_at = coalesce(trashed_at, $2) WHERE id = $1", [id, now]);
    const { rows: runs } = await client.query<{ id: string }>(
      "SELECT id FROM run WHERE dist_key = $1 AND experiment_id = $2 AND trashed_at IS NULL",
      [distKey, id],
    );
    const ids = runs.map((run) => run.id);
    // As trashRuns does: jobs before their runs, and also those that a worker holds.
    await client.query(
      "SELECT FROM job WHERE run_id = ANY($1) AND status IN ('QUEUED', 'LEASED') ORDER BY id FOR UPDATE",
      [ids],
    );
    await client.query("UPDATE job SET status = 'CANCELLED' WHERE run_id = ANY($1) AND status = 'QUEUED'", [ids]);
    const { rows } = await client.query<{ id: string }>(
      `UPDATE run SET trashed_at = $3::timestamptz, trashed_with_experiment = true,
         stop_requested = stop_requested OR status IN ('QUEUED', 'RUNNING'),
         cancel_requested = cancel_requested OR status IN ('QUEUED', 'RUNNING'),
         finished_at = CASE WHEN status = 'QUEUED' THEN $3::timestamptz ELSE finished_at END,
         status = CASE WHEN status = 'QUEUED' THEN 'STOPPED' ELSE status END
       WHERE dist_key = $1 AND id = ANY($2) AND trashed_at IS NULL RETURNING id`,
      [distKey, ids, now],
    );
    return rows.map((run) => run.id);
  });
}

/** Brings an experiment back with the runs that went to the trash with it; returns their ids. */
export async function restoreExperiment(pool: pg.Pool, { id, distKey }: Experiment): Promise<string[]> {
  return transaction(pool, async (client) => {
    await client.query("UPDATE experiment SET trashed_at = NULL WHERE id = $1", [id]);
    const { rows } = await client.query<{ id: string }>(
      `UPDATE run SET trashed_at = NULL, trashed_with_experiment = false
       WHERE dist_key = $1 AND experiment_id = $2 AND trashed_with_experiment RETURNING id`,
      [distKey, id],
    );
    return rows.map((run) => run.id);
  });
}
