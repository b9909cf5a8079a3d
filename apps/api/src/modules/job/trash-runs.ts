import type pg from "pg";
import { AppError, badInput } from "../../errors.js";
import { transaction, transactionTime } from "../../transaction.js";
import type { Run } from "../run/run.entity.js";

const maxRuns = 1_000;

export function checkRunCount(ids: readonly string[]): void {
  if (ids.length < 1 || ids.length > maxRuns) {
    throw badInput("ids", `ids has ${ids.length} entries; name 1 to ${maxRuns} runs.`, [1, maxRuns]);
  }
}

/** Moves runs to the trash; those that wait or run are cancelled. Nothing is deleted: `restoreRuns` brings them back. */
export async function trashRuns(pool: pg.Pool, runs: Run[]): Promise<void> {
  const ids = runs.map((run) => run.id);
  await transaction(pool, async (client) => {
    // Also those that run are held: one that its worker gives back at this moment would else wait for ever.
    await client.query(
      "SELECT FROM job WHERE run_id = ANY($1) AND status IN ('QUEUED', 'LEASED') ORDER BY id FOR UPDATE",
      [ids],
    );
    await client.query("UPDATE job SET status = 'CANCELLED' WHERE run_id = ANY($1) AND status = 'QUEUED'", [ids]);
    await client.query(
      `UPDATE run SET trashed_at = coalesce(trashed_at, $3::timestamptz),
         stop_requested = stop_requested OR status IN ('QUEUED', 'RUNNING'),
         cancel_requested = cancel_requested OR status IN ('QUEUED', 'RUNNING'),
         finished_at = CASE WHEN status = 'QUEUED' THEN $3::timestamptz ELSE finished_at END,
         status = CASE WHEN status = 'QUEUED' THEN 'STOPPED' ELSE status END
       WHERE dist_key = ANY($1) AND id = ANY($2)`,
      [[...new Set(runs.map((run) => run.distKey))], ids, await transactionTime(client)],
    );
  });
}

/** Brings runs back from the trash. CONFLICT, and none comes back, where one of them went there with its experiment. */
export async function restoreRuns(pool: pg.Pool, runs: Run[]): Promise<void> {
  const values = [[...new Set(runs.map((run) => run.distKey))], runs.map((run) => run.id)];
  const { rows } = await pool.query<{ name: string }>(
    "SELECT name FROM run WHERE dist_key = ANY($1) AND id = ANY($2) AND trashed_with_experiment LIMIT 1",
    values,
  );
  if (rows[0]) {
    throw new AppError(
      "CONFLICT",
      `Run ${JSON.stringify(rows[0].name)} was deleted with its experiment. Restore the experiment (restoreExperiment).`,
      { field: "ids" },
    );
  }
  await pool.query(
    "UPDATE run SET trashed_at = NULL WHERE dist_key = ANY($1) AND id = ANY($2) AND NOT trashed_with_experiment",
    values,
  );
}
