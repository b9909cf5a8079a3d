import { join } from "node:path";
import { SpoolError } from "@residual/client";
import {
  CheckpointError,
  DatasetError,
  DivergedError,
  keepBestCheckpoint,
  OutOfMemoryError,
  PretrainedError,
  UntrainableError,
} from "@residual/model";
import { ApiError } from "../api-client.js";
import { Cancelled, Lease, LeaseLost } from "../lease.js";
import { type ClaimedJob, finishJob, type JobEnd } from "../operations.js";
import { ExecutorMissing } from "./executor-missing.js";
import type { JobContext } from "./job-context.js";
import { scanDataset } from "./scan-dataset.js";
import { trainRun } from "./train-run.js";

/** How long the end of a job may take to reach the API when the worker is shutting down. */
const LAST_WORD_MS = 5_000;

/** Errors whose messages are written for the person who looks at the run. */
const explained = [
  DatasetError,
  PretrainedError,
  UntrainableError,
  OutOfMemoryError,
  DivergedError,
  CheckpointError,
  SpoolError,
  ApiError,
  ExecutorMissing,
];

export type WorkerContext = Omit<JobContext, "lease" | "signal"> & {
  /** Aborted when a worker that shuts down has no time left for its job. */
  readonly deadline: AbortSignal;
};

/** Does a claimed job under its lease and says how it ended, unless the job belongs to another worker by then. Never throws for the job's own failures. */
export async function runJob(claimed: ClaimedJob, worker: WorkerContext): Promise<void> {
  const log = worker.log.with(claimed.run ? { run: claimed.run.name } : { dataset: claimed.dataset.name });
  const lease = new Lease(worker.api, claimed.job.id, claimed.leaseGeneration, claimed.leaseSeconds);
  const signal = AbortSignal.any([lease.signal, worker.deadline]);
  lease.askedToEnd.addEventListener("abort", () => worker.tell({ kind: "asked to end" }), { once: true });
  const context: JobContext = { ...worker, lease, log, signal };
  let end: JobEnd | undefined;
  try {
    end = claimed.run ? await trainRun(claimed, claimed.run, context) : await scanDataset(claimed, context);
  } catch (error) {
    end = endOf(error, context);
  }
  await lease.release();
  if (!end || !(await report(end, context))) return;
  if (claimed.run && end.status === "DONE" && !end.stopped) {
    await keepBestCheckpoint(join(worker.folders.checkpoints, claimed.run.id)).catch((error: Error) => {
      log.warn("old checkpoints could not be removed", { reason: error.message });
    });
  }
}

/** What a failure means for the job; undefined when nothing may be said about it any more. */
function endOf(error: unknown, { log, shutdown }: JobContext): JobEnd | undefined {
  if (error instanceof Cancelled) {
    log.info("cancelled");
    return { status: "CANCELLED" };
  }
  if (error instanceof LeaseLost || (error instanceof ApiError && error.isFenced)) {
    log.warn("the job belongs to another worker now", { reason: error.message });
    return undefined;
  }
  if (shutdown.aborted) return { status: "QUEUED" };
  const { name, message, stack } = error as Error;
  const isExplained = explained.some((kind) => error instanceof kind);
  log.warn("failed", { reason: isExplained ? message : stack });
  return {
    status: "FAILED",
    error: isExplained ? message : `The worker failed unexpectedly. ${name}: ${message}`,
    cause: causeOf(error),
  };
}

/** What the advisor may suggest something for. */
function causeOf(error: unknown): JobEnd["cause"] {
  if (error instanceof OutOfMemoryError) return "OUT_OF_MEMORY";
  return error instanceof DivergedError ? "DIVERGED" : "OTHER";
}

/** False when the API did not take it. */
async function report(end: JobEnd, { api, lease, log, shutdown }: JobContext): Promise<boolean> {
  const { job, leaseGeneration } = lease;
  const signal = shutdown.aborted ? AbortSignal.timeout(LAST_WORD_MS) : undefined;
  try {
    await api.request(finishJob, { input: { job, leaseGeneration, ...end } }, signal);
    if (end.status === "QUEUED") log.info("given back");
    return true;
  } catch (error) {
    log.warn("the end of the job did not reach the API", { reason: (error as Error).message });
    return false;
  }
}
