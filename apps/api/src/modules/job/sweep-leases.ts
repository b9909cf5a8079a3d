import type pg from "pg";
import { transaction, transactionTime } from "../../transaction.js";
import { leaseSeconds, maxAttempts } from "./lease.js";

/**
 * Puts leases in order that ran out and that nobody has claimed. Runs that were asked to end are STOPPED, those that took
 * down every worker that tried are FAILED with the reason, the others wait as QUEUED again. A lease gets as long again
 * before that: a worker that comes back late, and whose job nobody took, may go on. Returns the runs that changed.
 */
export async function sweepLeases(pool: pg.Pool): Promise<string[]> {
  return transaction(pool, async (client) => {
    const { rows: lost } = await client.query<LostJob>(
      `SELECT id, dist_key, run_id, dataset_id, attempt >= $2 AS poison FROM job
       WHERE status = 'LEASED' AND lease_until < now() - make_interval(secs => $1)
       FOR UPDATE SKIP LOCKED`,
      [leaseSeconds, maxAttempts],
    );
    const swept: string[] = [];
    for (const job of lost) {
      if (job.run_id === null) await sweepScan(client, job);
      else swept.push(await sweepRun(client, job, job.run_id));
    }
    return swept;
  });
}

type LostJob = { id: string; dist_key: number; run_id: string | null; dataset_id: string; poison: boolean };

const poisonReason = `The worker was lost ${maxAttempts} times while training this run: it probably needs more memory than there is. Try a smaller batch or image size, then resume.`;

async function sweepScan(client: pg.PoolClient, { id, dataset_id, poison }: LostJob): Promise<void> {
  await endLease(client, id, poison ? "FAILED" : "QUEUED");
  if (poison)
    await client.query("UPDATE dataset SET status = 'FAILED', progress = NULL, error = $2 WHERE id = $1", [
      dataset_id,
      poisonReason,
    ]);
}

/** The run lies on the shard of its project, the queue does not: no statement is about both. */
async function sweepRun(client: pg.PoolClient, { id, dist_key, poison }: LostJob, runId: string): Promise<string> {
  const { rows } = await client.query<{ status: string }>(
    `UPDATE run SET
       status = CASE WHEN stop_requested THEN 'STOPPED' WHEN $3 THEN 'FAILED' ELSE 'QUEUED' END,
       finished_at = CASE WHEN stop_requested OR $3 THEN $5::timestamptz END,
       error = CASE WHEN $3 AND NOT stop_requested THEN $4 END
     WHERE dist_key = $1 AND id = $2 RETURNING status`,
    [dist_key, runId, poison, poisonReason, await transactionTime(client)],
  );
  const { status } = rows[0]!;
  await endLease(client, id, status === "STOPPED" ? "CANCELLED" : status);
  return runId;
}

async function endLease(client: pg.PoolClient, jobId: string, status: string): Promise<void> {
  const error = status === "FAILED" ? poisonReason : null;
  await client.query("UPDATE job SET status = $2, error = $3, lease_until = NULL WHERE id = $1", [
    jobId,
    status,
    error,
  ]);
}

/** After the API was away, its workers could not renew: they get the time to report before others may take their jobs. */
export async function extendLeases(pool: pg.Pool): Promise<void> {
  await pool.query(
    "UPDATE job SET lease_until = greatest(lease_until, now() + make_interval(secs => $1)) WHERE status = 'LEASED'",
    [leaseSeconds / 2],
  );
}

/** Ends the leases of a worker that has started anew: its former process is gone, and with it the work. */
export async function releaseLeases(pool: pg.Pool, workerId: string): Promise<void> {
  // The column holds milliseconds and rounds: what it rounds up would hold the lease past the next claim.
  await pool.query(
    "UPDATE job SET lease_until = date_trunc('milliseconds', now()) WHERE worker_id = $1 AND status = 'LEASED'",
    [workerId],
  );
}
