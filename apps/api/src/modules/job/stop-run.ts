import type pg from "pg";
import { AppError } from "../../errors.js";
import { transaction, transactionTime } from "../../transaction.js";
import type { Run, RunStatus } from "../run/run.entity.js";
import type { JobStatus } from "./job.entity.js";

/** Asks a run to finish with what it has: its worker evaluates, writes a checkpoint and ends it as STOPPED. */
export async function stopRun(pool: pg.Pool, run: Run): Promise<void> {
  await askToEnd(pool, run, false);
}

/** Ends a run within one batch, without a last evaluation. Its checkpoints and metrics stay. One that is logged from elsewhere ends here. */
export async function cancelRun(pool: pg.Pool, run: Run): Promise<void> {
  await askToEnd(pool, run, true);
}

/** One that waits is ended here; of one that runs, the worker is told with its next heartbeat. CONFLICT when it has ended. */
async function askToEnd(pool: pg.Pool, run: Run, cancel: boolean): Promise<void> {
  await transaction(pool, async (client) => {
    const ends = (await cancelQueuedJob(client, run.id)) || (cancel && run.origin === "LOGGED");
    const { rows } = await client.query<{ status: RunStatus }>(
      "SELECT status FROM run WHERE dist_key = $1 AND id = $2 FOR UPDATE",
      [run.distKey, run.id],
    );
    const status = rows[0]?.status ?? run.status;
    if (status !== "QUEUED" && status !== "RUNNING") {
      throw new AppError("CONFLICT", `The run has ended as ${status} already.`, { field: "id" });
    }
    await client.query(
      `UPDATE run SET stop_requested = true, cancel_requested = $3,
         status = CASE WHEN $4 THEN 'STOPPED' ELSE status END, finished_at = CASE WHEN $4 THEN $5::timestamptz ELSE finished_at END
       WHERE dist_key = $1 AND id = $2`,
      [run.distKey, run.id, cancel, ends, await transactionTime(client)],
    );
  });
}

/**
 * The job's row is locked before the run's, as everywhere, and also where the job runs: a worker that gives it back at this moment must find
 * the request, or be found to have given it back. Else the run would wait for ever, cancelled and queued.
 */
async function cancelQueuedJob(client: pg.PoolClient, runId: string): Promise<boolean> {
  const { rows } = await client.query<{ id: string; status: JobStatus }>(
    "SELECT id, status FROM job WHERE run_id = $1 AND status IN ('QUEUED', 'LEASED') FOR UPDATE",
    [runId],
  );
  const [job] = rows;
  if (job?.status !== "QUEUED") return false;
  await client.query("UPDATE job SET status = 'CANCELLED' WHERE id = $1", [job.id]);
  return true;
}
