import type pg from "pg";
import { leaseSeconds, maxAttempts } from "./lease.js";

/**
 * Puts leases in order that ran out and that nobody has claimed. Runs that were asked to end are STOPPED, those that took
 * down every worker that tried are FAILED with the reason, the others wait as QUEUED again. A lease gets as long again
 * before that: a worker that comes back late, and whose job nobody took, may go on. Returns the runs that changed.
 */
export async function sweepLeases(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query(sweepStatement, [leaseSeconds, maxAttempts, poisonReason]);
  return rows.map((row) => row.id);
}

const poisonReason = `The worker was lost ${maxAttempts} times while training this run: it probably needs more memory than there is. Try a smaller batch or image size, then resume.`;

const sweepStatement = `
  WITH lost AS (
    SELECT job.id, job.attempt >= $2 AS poison, coalesce(run.stop_requested, false) AS unwanted
    FROM job LEFT JOIN run ON run.dist_key = job.dist_key AND run.id = job.run_id
    WHERE job.status = 'LEASED' AND job.lease_until < now() - make_interval(secs => $1)
    FOR UPDATE OF job SKIP LOCKED
  ), swept AS (
    UPDATE job SET
      status = CASE WHEN lost.unwanted THEN 'CANCELLED' WHEN lost.poison THEN 'FAILED' ELSE 'QUEUED' END,
      error = CASE WHEN lost.poison AND NOT lost.unwanted THEN $3 END, lease_until = NULL
    FROM lost WHERE job.id = lost.id
    RETURNING job.dist_key, job.run_id, job.dataset_id, job.kind, job.status
  ), failed_scan AS (
    UPDATE dataset SET status = 'FAILED', progress = NULL, error = $3
    FROM swept WHERE swept.kind = 'SCAN_DATASET' AND swept.status = 'FAILED' AND dataset.id = swept.dataset_id
  )
  UPDATE run SET
    status = CASE swept.status WHEN 'CANCELLED' THEN 'STOPPED' ELSE swept.status END,
    finished_at = CASE WHEN swept.status = 'QUEUED' THEN NULL ELSE now() END,
    error = CASE WHEN swept.status = 'FAILED' THEN $3 END
  FROM swept WHERE run.dist_key = swept.dist_key AND run.id = swept.run_id
  RETURNING run.id`;

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
