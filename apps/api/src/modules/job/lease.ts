import type pg from "pg";
import { fenced } from "../../errors.js";
import type { JobKind, JobStatus } from "./job.entity.js";

/** How long a worker may be silent before its job passes to another. It renews four times as often. */
export const leaseSeconds = 30;

/** Claims that may end without an answer (a worker that died) before the job is taken for the culprit. */
export const maxAttempts = 5;

export interface LeasedJob {
  id: string;
  distKey: number;
  projectId: string;
  runId: string | null;
  datasetId: string;
  kind: JobKind;
  status: JobStatus;
  leaseGeneration: number;
}

/**
 * The job, locked until the transaction ends, if its lease is still the one of `leaseGeneration`; FENCED otherwise. A
 * lease whose time has passed counts until another worker claims the job: no one else has touched the run meanwhile.
 */
export async function holdLease(client: pg.PoolClient, jobId: string, leaseGeneration: number): Promise<LeasedJob> {
  const job = await lockJob(client, jobId);
  if (job?.status !== "LEASED" || job.leaseGeneration !== leaseGeneration) throw fenced(jobId);
  return job;
}

/** Says that a worker holds a run still: what it took is counted up to now (run-price.ts). */
export async function renewRunLease(client: pg.PoolClient, runId: string, leaseGeneration: number): Promise<void> {
  await client.query("UPDATE run_lease SET renewed_at = now() WHERE run_id = $1 AND lease_generation = $2", [
    runId,
    leaseGeneration,
  ]);
}

/** The job, locked until the transaction ends, or null. */
export async function lockJob(client: pg.PoolClient, jobId: string): Promise<LeasedJob | null> {
  const { rows } = await client.query<LeasedJob>(
    `SELECT id, dist_key AS "distKey", project_id AS "projectId", run_id AS "runId", dataset_id AS "datasetId", kind, status,
            lease_generation AS "leaseGeneration"
     FROM job WHERE id = $1 FOR UPDATE`,
    [jobId],
  );
  return rows[0] ?? null;
}
