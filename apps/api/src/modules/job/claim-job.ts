import type pg from "pg";
import { type JobKind } from "./job.entity.js";
import { leaseSeconds, maxAttempts } from "./lease.js";

export interface Claim {
  jobId: string;
  leaseGeneration: number;
  /** The run that now runs, for the notice to those who follow it; null for a scan. */
  run: { id: string; projectId: string; experimentId: string } | null;
}

/**
 * Gives the most urgent job to a worker, or null when none waits. One statement: SKIP LOCKED lets any number of workers
 * claim at once, each another job. A lease that has run out by the database's clock is up again. A run waits for the
 * scan of its dataset. Of equally urgent jobs the one whose project has fewest under way comes first: a sweep of three hundred runs in one
 * project must not keep the others waiting for days. The claim raises the generation on the job and on the run, which fences the worker before.
 */
export async function claimJob(pool: pg.Pool, workerId: string, kinds: readonly JobKind[]): Promise<Claim | null> {
  const { rows } = await pool.query(claimStatement, [workerId, kinds, leaseSeconds, maxAttempts]);
  const [row] = rows;
  if (!row) return null;
  const run = row.run_id && { id: row.run_id, projectId: row.project_id, experimentId: row.experiment_id };
  return { jobId: row.id, leaseGeneration: row.lease_generation, run };
}

const claimStatement = `
  WITH seen AS (
    UPDATE worker SET last_seen_at = now() WHERE id = $1
  ), busy AS (
    SELECT project_id, count(*) AS jobs FROM job WHERE status = 'LEASED' AND lease_until > now() GROUP BY project_id
  ), candidate AS (
    SELECT job.id
    FROM job JOIN dataset ON dataset.id = job.dataset_id LEFT JOIN busy ON busy.project_id = job.project_id
    WHERE job.kind = ANY ($2)
      AND (job.status = 'QUEUED' OR (job.status = 'LEASED' AND job.lease_until <= now()))
      AND job.attempt < $4
      AND (job.kind = 'SCAN_DATASET' OR dataset.status = 'READY')
      AND NOT EXISTS (SELECT FROM run WHERE run.dist_key = job.dist_key AND run.id = job.run_id AND run.cancel_requested)
    ORDER BY job.priority DESC, coalesce(busy.jobs, 0), job.id
    LIMIT 1
    FOR UPDATE OF job SKIP LOCKED
  ), claimed AS (
    UPDATE job SET
      status = 'LEASED', worker_id = $1, attempt = attempt + 1, lease_generation = lease_generation + 1,
      lease_until = now() + make_interval(secs => $3)
    FROM candidate WHERE job.id = candidate.id
    RETURNING job.id, job.dist_key, job.run_id, job.lease_generation
  ), held AS (
    UPDATE run SET
      status = 'RUNNING', lease_generation = claimed.lease_generation, started_at = coalesce(started_at, now()), error = NULL
    FROM claimed WHERE run.dist_key = claimed.dist_key AND run.id = claimed.run_id
    RETURNING run.id, run.project_id, run.experiment_id
  )
  SELECT claimed.id, claimed.lease_generation, claimed.run_id, held.project_id, held.experiment_id
  FROM claimed LEFT JOIN held ON held.id = claimed.run_id`;
