import type pg from "pg";
import { badInput } from "../../errors.js";
import { transaction, transactionTime } from "../../transaction.js";
import { failRunsOf } from "./fail-runs-of.js";
import type { FinishJobInput } from "./job.input.js";
import { holdLease, type LeasedJob, lockJob, renewRunLease } from "./lease.js";

const maxErrorLength = 4_000;

export interface FinishedJob {
  job: LeasedJob;
  /** Runs whose status changed: that of the job, and those that waited for a dataset which failed. */
  changedRuns: string[];
}

/**
 * Ends a job, or gives it back. A worker that repeats itself (its first answer got lost) gets the same answer; one whose
 * lease has passed on is FENCED.
 */
export async function finishJob(pool: pg.Pool, input: FinishJobInput): Promise<FinishedJob> {
  if (input.status === "LEASED")
    throw badInput("status", "status must be DONE, FAILED, CANCELLED or QUEUED.", [
      "DONE",
      "FAILED",
      "CANCELLED",
      "QUEUED",
    ]);
  for (const field of measurements) checkMeasurement(field, input[field] ?? null);
  return transaction(pool, async (client) => {
    const before = await lockJob(client, input.job);
    if (before && isRepeated(before, input)) return { job: before, changedRuns: [] };
    const job = await holdLease(client, input.job, input.leaseGeneration);
    const changedRuns = job.runId ? await finishRun(client, job, input) : await finishScan(client, job, input);
    return { job, changedRuns };
  });
}

/** What a worker measured of the trained network, and of the energy that it took. */
const measurements = [
  "inferenceImagesPerSecond",
  "latencyP50Milliseconds",
  "latencyP95Milliseconds",
  "energyWattHours",
] as const;

function checkMeasurement(field: string, value: number | null): void {
  if (value !== null && value < 0)
    throw badInput(field, `${field} is ${value}; what was measured is not negative. Leave it out instead.`, [0, null]);
}

function isRepeated(job: LeasedJob, input: FinishJobInput): boolean {
  return job.leaseGeneration === input.leaseGeneration && (job.status === input.status || job.status === "CANCELLED");
}

async function finishRun(client: pg.PoolClient, job: LeasedJob, input: FinishJobInput): Promise<string[]> {
  const { rows } = await client.query(
    "SELECT stop_requested, cancel_requested FROM run WHERE dist_key = $1 AND id = $2 FOR UPDATE",
    [job.distKey, job.runId],
  );
  const { stop_requested, cancel_requested } = rows[0];
  // Asked to stop and given back at the same moment: nobody wants another worker to go on with it.
  const cancelled = input.status === "CANCELLED" || cancel_requested || (input.status === "QUEUED" && stop_requested);
  const stopped = cancelled || input.stopped;
  const jobStatus = cancelled && input.status !== "FAILED" ? "CANCELLED" : input.status;
  const runStatus = {
    DONE: stopped ? "STOPPED" : "FINISHED",
    FAILED: "FAILED",
    QUEUED: "QUEUED",
    CANCELLED: "STOPPED",
  }[jobStatus as "DONE"];
  await closeJob(client, job, jobStatus, reasonOf(input));
  await renewRunLease(client, job.runId!, job.leaseGeneration);
  await client.query(
    `UPDATE run SET status = $3, error = $4, failure_cause = $11, finished_at = $12,
       measured_images_per_second = coalesce($5, measured_images_per_second),
       measured_memory_bytes = coalesce($6, measured_memory_bytes),
       inference_images_per_second = coalesce($7, inference_images_per_second),
       latency_p50_milliseconds = coalesce($8, latency_p50_milliseconds),
       latency_p95_milliseconds = coalesce($9, latency_p95_milliseconds),
       energy_watt_hours = coalesce(energy_watt_hours + $10, energy_watt_hours, $10)
     WHERE dist_key = $1 AND id = $2`,
    [
      job.distKey,
      job.runId,
      runStatus,
      runStatus === "FAILED" ? reasonOf(input) : null,
      input.measuredImagesPerSecond ?? null,
      input.measuredMemoryBytes ?? null,
      ...measurements.map((field) => input[field] ?? null),
      runStatus === "FAILED" ? (input.cause ?? "OTHER") : null,
      runStatus === "QUEUED" ? null : await transactionTime(client),
    ],
  );
  return [job.runId!];
}

async function finishScan(client: pg.PoolClient, job: LeasedJob, input: FinishJobInput): Promise<string[]> {
  await closeJob(client, job, input.status, reasonOf(input));
  if (input.status === "QUEUED") return [];
  const { rows } = await client.query(
    `UPDATE dataset SET progress = NULL,
       status = CASE WHEN $2 = 'DONE' AND content_hash IS NOT NULL AND scanned_at IS NOT NULL THEN 'READY' ELSE 'FAILED' END,
       error = CASE WHEN $2 = 'DONE' THEN error ELSE $3 END
     WHERE id = $1 RETURNING status`,
    [job.datasetId, input.status, reasonOf(input)],
  );
  return rows[0].status === "FAILED" ? failRunsOf(client, job.datasetId, reasonOf(input)) : [];
}

async function closeJob(client: pg.PoolClient, job: LeasedJob, status: string, reason: string): Promise<void> {
  // A job given back in good order keeps its number of attempts: it did not kill its worker.
  await client.query(
    `UPDATE job SET status = $2, lease_until = NULL, error = $3,
       worker_id = CASE WHEN $2 = 'QUEUED' THEN NULL ELSE worker_id END,
       attempt = CASE WHEN $2 = 'QUEUED' THEN greatest(attempt - 1, 0) ELSE attempt END
     WHERE id = $1`,
    [job.id, status, status === "FAILED" ? reason : null],
  );
}

/** The worker's reason, cut to a length that a page can show. NUL, which text cannot hold, must not keep a run from ending. */
function reasonOf({ error }: FinishJobInput): string {
  return error?.replaceAll("\0", "").slice(0, maxErrorLength) || "The worker gave no reason. Look into its log.";
}
