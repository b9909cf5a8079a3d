import type pg from "pg";
import { newId } from "../../ids.js";
import { isUniqueViolation } from "../../unique-violation.js";
import type { JobKind } from "./job.entity.js";

export interface NewJob {
  kind: JobKind;
  distKey: number;
  projectId: string;
  runId: string | null;
  datasetId: string;
  priority: number;
  /** The run's generation so far: the first claim of this job must fence whoever held the run before. */
  leaseGeneration: number;
}

/** Puts a job into the queue; returns its id. The database refuses a second open job for the same run or scan. */
export async function enqueue(client: pg.PoolClient, job: NewJob): Promise<string> {
  const id = newId("job");
  await client.query(
    `INSERT INTO job (id, kind, dist_key, project_id, run_id, dataset_id, priority, lease_generation, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'QUEUED')`,
    [id, job.kind, job.distKey, job.projectId, job.runId, job.datasetId, job.priority, job.leaseGeneration],
  );
  return id;
}

/** Whether an error says that the run or dataset has an open job already. */
export function isAlreadyQueued(error: unknown): boolean {
  return isUniqueViolation(error, "job_open_of_run") || isUniqueViolation(error, "job_open_of_dataset");
}
