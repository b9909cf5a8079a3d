import { accessTo } from "../../access.js";
import type { Context } from "../../context.js";
import { fenced, notFound } from "../../errors.js";
import { checkWriter } from "../run/check-writer.js";
import type { RunToLog } from "../run/runs-to-log.js";
import type { Worker } from "../worker/worker.entity.js";
import { loadWorker } from "../worker/worker.loader.js";

/** The worker with this id where the viewer may act for it: its key is the one under which it registered. NOT_FOUND for any other. */
export async function loadOwnWorker(context: Context, id: string): Promise<Worker> {
  const worker = await loadWorker(context, id);
  if (!mayActFor(context, worker.keyId)) throw notFound("worker", id, "worker");
  return worker;
}

/**
 * With a key one gets at the jobs of its own workers, in its own project. Any other job is answered as one that does not exist: FENCED. The
 * lease is held against its generation afterwards (lease.ts).
 */
export async function checkOwnJob(context: Context, id: string): Promise<void> {
  const { rows } = await context.pool.query<{ project_id: string; worker_id: string | null; key_id: string | null }>(
    "SELECT job.project_id, job.worker_id, worker.key_id FROM job LEFT JOIN worker ON worker.id = job.worker_id WHERE job.id = $1",
    [id],
  );
  const [job] = rows;
  if (!job || !accessTo(context.viewer, job.project_id)) throw fenced(id);
  // Nobody holds it: then no generation is the right one.
  if (job.worker_id !== null && !mayActFor(context, job.key_id)) throw fenced(id);
}

/**
 * Throws where the viewer may not write what a run measured: as checkWriter, and FENCED for a worker's key where another key's worker holds the run
 * under this lease. A hostile worker so makes up the results of its own jobs only.
 */
export async function checkMeasurer(context: Context, run: RunToLog, leaseGeneration: number): Promise<void> {
  checkWriter(context.viewer, run, leaseGeneration);
  if (run.origin === "LOGGED" || context.viewer?.kind === "OWNER") return;
  const { rows } = await context.pool.query<{ id: string; key_id: string | null }>({
    name: "job-of-lease",
    text: `SELECT job.id, worker.key_id FROM job JOIN worker ON worker.id = job.worker_id
           WHERE job.run_id = $1 AND job.lease_generation = $2`,
    values: [run.id, leaseGeneration],
  });
  // Of a lease that nobody has, the stored generation tells (storeFrames, holdRun).
  for (const { id, key_id } of rows) if (!mayActFor(context, key_id)) throw fenced(id);
}

/** Whoever runs the server acts for every worker; one from before keys were kept is that of a key for all projects, until it registers again. */
function mayActFor({ viewer }: Context, keyId: string | null): boolean {
  if (viewer?.kind === "OWNER" || keyId === viewer?.id) return true;
  return keyId === null && viewer?.kind === "API_KEY" && viewer.projects === null;
}
