import { sendLeftovers } from "@residual/client";
import { ApiClient } from "./api-client.js";
import { claimLoop, type LoopEnd } from "./claim-loop.js";
import { foldersIn } from "./data-folders.js";
import { describeWorker, environmentOf } from "./describe-worker.js";
import { IdleExamination } from "./doctor/idle-examination.js";
import type { Env } from "./env.js";
import type { Log } from "./log.js";
import { heedProblems } from "./metric-problems.js";
import type { ClaimedJob } from "./operations.js";
import { superviseJob } from "./processes/supervise-job.js";
import type { Shutdown } from "./shutdown.js";
import type { Slot } from "./slots.js";

export interface SlotWork {
  readonly env: Env;
  readonly log: Log;
  readonly shutdown: Shutdown;
  readonly once: { readonly waitSeconds: number } | null;
  /** Hears what the processes of jobs print. */
  readonly write: (text: string) => void;
}

/** Does the jobs of one slot, until the worker is to shut down or, with `once`, one alone. */
export async function workSlot(slot: Slot, { env, log, shutdown, once, write }: SlotWork): Promise<LoopEnd> {
  const description = describeWorker(slot, env.hourlyRate);
  const { backend, device, gigaflops } = description;
  log.info("executor chosen", { worker: slot.name, name: backend, device, gigaflops });
  const api = new ApiClient(env.apiUrl, env.workerKey, log);
  const folders = foldersIn(env.dataFolder, slot.name);
  // Before the first claim, which fences whatever an earlier process had not sent.
  await sendLeftovers(folders.spools, { ...api.access, onProblem: heedProblems(log), signal: shutdown.begun });
  const supervision = {
    api,
    log,
    folders,
    shutdown,
    write,
    slot: slot.name,
    device: slot.device,
    gpu: slot.gpu ?? null,
    env: slot.env,
    executor: slot.choice.chosen.name,
    environment: environmentOf(description),
  };
  const work = (claimed: ClaimedJob) => superviseJob(claimed, supervision);
  // A worker for one job has no time to lose.
  const examination = once ? undefined : new IdleExamination(slot.env, log);
  try {
    return await claimLoop({ api, log, shutdown: shutdown.begun, description, examination, work, once });
  } finally {
    examination?.interrupt();
  }
}
