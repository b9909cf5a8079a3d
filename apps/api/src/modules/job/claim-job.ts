import type pg from "pg";
import { transaction } from "../../transaction.js";
import type { JobKind } from "./job.entity.js";
import { leaseSeconds, maxAttempts } from "./lease.js";

export interface Claim {
  jobId: string;
  leaseGeneration: number;
  /** The run that now runs, for the notice to those who follow it; null for a scan. */
  run: { id: string; projectId: string; experimentId: string } | null;
}

/**
 * Gives the most urgent job to a worker, or null when none waits. SKIP LOCKED lets any number of workers claim at once, each another job.
 * A lease that has run out by the database's clock is up again. A run waits for the scan of its dataset. Of equally urgent jobs the one
 * whose project has fewest under way comes first: a sweep of three hundred runs in one project must not keep the others waiting for days.
 * A worker of one project (`projectId`) gets no job of another. The claim raises the generation on the job and on the run, which fences the worker before.
 *
 * One transaction, and no statement about both: the queue is one table for all projects, while a run lies on the shard of its project.
 */
export async function claimJob(
  pool: pg.Pool,
  workerId: string,
  kinds: readonly JobKind[],
  projectId: string | null = null,
): Promise<Claim | null> {
  return transaction(pool, async (client) => {
    await client.query("UPDATE worker SET last_seen_at = now() WHERE id = $1", [workerId]);
    const cancelled: string[] = [];
    for (;;) {
      const { rows } = await client.query<Candidate>(candidateStatement, [kinds, maxAttempts, cancelled, projectId]);
      const [job] = rows;
      if (!job) return null;
      if (job.run_id === null) return { jobId: job.id, leaseGeneration: await lease(client, job, workerId), run: null };
      const run = await holdRun(client, job);
      if (run) return { jobId: job.id, leaseGeneration: await lease(client, job, workerId), run };
      cancelled.push(job.id);
    }
  });
}

type Candidate = { id: string; dist_key: number; run_id: string | null; lease_generation: number; claimed_at: Date };

const candidateStatement = `
  WITH busy AS (
    SELECT project_id, count(*) AS jobs FROM job WHERE status = 'LEASED' AND lease_until > now() GROUP BY project_id
  )
  SELECT job.id, job.dist_key, job.run_id, job.lease_generation, now() AS claimed_at
  FROM job JOIN dataset ON dataset.id = job.dataset_id LEFT JOIN busy ON busy.project_id = job.project_id
  WHERE job.kind = ANY ($1)
    AND (job.status = 'QUEUED' OR (job.status = 'LEASED' AND job.lease_until <= now()))
    AND job.attempt < $2
    AND (job.kind = 'SCAN_DATASET' OR dataset.status = 'READY')
    AND job.id <> ALL ($3)
    AND ($4::text IS NULL OR job.project_id = $4)
  ORDER BY job.priority DESC, coalesce(busy.jobs, 0), job.id
  LIMIT 1
  FOR UPDATE OF job SKIP LOCKED`;

/** Marks the run as running in the job's next generation; null where it is to be cancelled. */
async function holdRun(client: pg.PoolClient, job: Candidate): Promise<Claim["run"]> {
  const { rows } = await client.query<{ id: string; project_id: string; experiment_id: string }>(
    `UPDATE run SET status = 'RUNNING', lease_generation = $3, started_at = coalesce(started_at, $4), error = NULL
     WHERE dist_key = $1 AND id = $2 AND NOT cancel_requested RETURNING id, project_id, experiment_id`,
    [job.dist_key, job.run_id, job.lease_generation + 1, job.claimed_at],
  );
  const [run] = rows;
  return run ? { id: run.id, projectId: run.project_id, experimentId: run.experiment_id } : null;
}

async function lease(client: pg.PoolClient, job: Candidate, workerId: string): Promise<number> {
  const { rows } = await client.query<{ lease_generation: number }>(
    `UPDATE job SET status = 'LEASED', worker_id = $2, attempt = attempt + 1, lease_generation = lease_generation + 1,
       lease_until = now() + make_interval(secs => $3)
     WHERE id = $1 RETURNING lease_generation`,
    [job.id, workerId, leaseSeconds],
  );
  const generation = rows[0]!.lease_generation;
  if (job.run_id !== null)
    await client.query(
      `INSERT INTO run_lease (run_id, lease_generation, job_id, worker_id, hourly_rate)
       SELECT $1, $2, $3, id, hourly_rate FROM worker WHERE id = $4`,
      [job.run_id, generation, job.id, workerId],
    );
  return generation;
}
