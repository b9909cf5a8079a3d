import { ApiError } from "./api-client.js";
import { pause } from "./backoff.js";
import { runJob, type WorkerContext } from "./jobs/run-job.js";
import { claimJob, registerWorker, type WorkerDescription } from "./operations.js";

const SHORTEST_POLL_SECONDS = 0.25;
const LONGEST_POLL_SECONDS = 1;

/** Registers the worker and does one job after another until it is to shut down. */
export async function claimLoop(description: WorkerDescription, context: WorkerContext): Promise<void> {
  const { api, log, shutdown } = context;
  let worker = "";
  let idleSeconds = SHORTEST_POLL_SECONDS;
  while (!shutdown.aborted) {
    try {
      worker ||= (await api.request(registerWorker, { input: description }, shutdown)).registerWorker.id;
      const claimed = (await api.request(claimJob, { input: { worker } }, shutdown)).claimJob;
      if (claimed) {
        await runJob(claimed, context);
        idleSeconds = SHORTEST_POLL_SECONDS;
      } else {
        await pause(idleSeconds, shutdown);
        idleSeconds = Math.min(LONGEST_POLL_SECONDS, idleSeconds * 1.5);
      }
    } catch (error) {
      if (shutdown.aborted) return;
      if (!(error instanceof ApiError && error.code === "NOT_FOUND")) throw error;
      // The database was replaced by one that does not know this worker.
      log.warn("the API does not know this worker, registering again");
      worker = "";
      await pause(LONGEST_POLL_SECONDS, shutdown).catch(() => {});
    }
  }
}
