import { type ApiClient, ApiError } from "./api-client.js";
import { pause } from "./backoff.js";
import type { IdleExamination } from "./doctor/idle-examination.js";
import type { Log } from "./log.js";
import { type ClaimedJob, claimJob, registerWorker, type WorkerDescription } from "./operations.js";
import type { JobOutcome } from "./processes/supervise-job.js";

const SHORTEST_POLL_SECONDS = 0.25;
const LONGEST_POLL_SECONDS = 1;

export interface ClaimLoop {
  readonly api: ApiClient;
  readonly log: Log;
  readonly shutdown: AbortSignal;
  readonly description: WorkerDescription;
  /** Of this machine, while there is no job. */
  readonly examination?: IdleExamination;
  readonly work: (claimed: ClaimedJob) => Promise<JobOutcome>;
  /** Ends after one job, or after so many seconds without one. */
  readonly once: { readonly waitSeconds: number } | null;
}

/** Why a worker claims no more jobs. */
export type LoopEnd = JobOutcome | "no job" | "shut down";

/** Registers the worker and does one job after another until it is to shut down, or one alone. */
export async function claimLoop(options: ClaimLoop): Promise<LoopEnd> {
  const { api, log, shutdown, examination, work, once } = options;
  let { description } = options;
  const deadline = performance.now() + (once?.waitSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  let worker = "";
  let idleSeconds = SHORTEST_POLL_SECONDS;
  while (!shutdown.aborted) {
    try {
      worker ||= (await api.request(registerWorker, { input: description }, shutdown)).registerWorker.id;
      const claimed = (await api.request(claimJob, { input: { worker } }, shutdown)).claimJob;
      if (claimed) {
        examination?.interrupt();
        const outcome = await work(claimed);
        if (once) return outcome;
        idleSeconds = SHORTEST_POLL_SECONDS;
      } else {
        if (performance.now() >= deadline) return "no job";
        const doctor = examination?.advance();
        if (doctor) {
          description = { ...description, doctor };
          worker = "";
        }
        await pause(idleSeconds, shutdown);
        idleSeconds = Math.min(LONGEST_POLL_SECONDS, idleSeconds * 1.5);
      }
    } catch (error) {
      if (shutdown.aborted) break;
      if (!(error instanceof ApiError && error.code === "NOT_FOUND")) throw error;
      // The database was replaced by one that does not know this worker.
      log.warn("the API does not know this worker, registering again");
      worker = "";
      await pause(LONGEST_POLL_SECONDS, shutdown).catch(() => {});
    }
  }
  return "shut down";
}
