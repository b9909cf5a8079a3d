// Does one job and ends. Started by the worker for every job it claims; hears from it alone.
import { architecture, type Executor, openExecutor } from "@residual/model";
import { ApiClient } from "./api-client.js";
import { foldersIn } from "./data-folders.js";
import { readEnv } from "./env.js";
import { ExecutorMissing } from "./jobs/executor-missing.js";
import { runJob } from "./jobs/run-job.js";
import { createLog } from "./log.js";
import type { JobCommand } from "./processes/job-messages.js";
import { waitForLock } from "./processes/process-lock.js";
import { sparingly } from "./processes/sparingly.js";
import { stepBack } from "./processes/step-back.js";

const shutdown = new AbortController();
const deadline = new AbortController();

type Work = Extract<JobCommand, { kind: "work" }>;

/** Opened late: whoever only scans images needs none. */
async function openedExecutor({ device, executor }: Work): Promise<Executor> {
  // A process whose worker was killed may still be on its last step.
  await waitForLock(`job-${device}`, shutdown.signal);
  const opened = await openExecutor(executor);
  if ("unavailable" in opened) throw new ExecutorMissing(opened.unavailable);
  return opened;
}

async function work(command: Work): Promise<void> {
  const { claimed, slot, gpu, environment } = command;
  const env = readEnv(process.env);
  const log = createLog((line) => process.stdout.write(line));
  const tell = sparingly((news) => process.send?.(news));
  await runJob(claimed, {
    // Whoever waits for the API is not hung.
    api: new ApiClient(env.apiUrl, env.workerKey, log, () => tell({ kind: "alive", isAtBatches: false })),
    executor: () => openedExecutor(command),
    architecture,
    folders: foldersIn(env.dataFolder, slot),
    log,
    shutdown: shutdown.signal,
    deadline: deadline.signal,
    environment,
    uploadsBest: env.uploadsBest,
    gpu,
    tell,
  });
}

// Training fills every core; the worker, the API and the dashboard of the same machine must answer all the same.
stepBack();
// Ctrl-C reaches the whole group of processes; what is to be done about it, the worker says.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
// A worker that was killed is replaced by one that goes on from the last checkpoint: nothing is left to do here.
process.on("disconnect", () => process.exit(1));
process.on("message", (command: JobCommand) => {
  if (command.kind === "shut down") shutdown.abort(new Error("the worker shuts down"));
  else if (command.kind === "time is up") deadline.abort(new Error("the worker has no time left"));
  else void work(command).then(() => process.exit(0));
});
