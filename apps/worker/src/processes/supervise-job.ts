import { availableParallelism } from "node:os";
import { sendLeftovers } from "@residual/client";
import type { ExecutorName } from "@residual/model";
import { type ApiClient, ApiError } from "../api-client.js";
import type { DataFolders } from "../data-folders.js";
import type { Gpu } from "../devices/gpus.js";
import type { Log } from "../log.js";
import { heedProblems } from "../metric-problems.js";
import { type ClaimedJob, finishJob } from "../operations.js";
import type { Shutdown } from "../shutdown.js";
import { CrashRecord } from "./crash-record.js";
import { type CrashEnd, causeOf, describeCrash } from "./describe-crash.js";
import { forkProgram } from "./fork-program.js";
import type { JobCommand, JobNews, JobStanding } from "./job-messages.js";
import { type SilenceLimits, silenceLimits, Watchdog } from "./watchdog.js";

/** After its time is up a process may say its last word; what hangs in native code is killed. */
const LAST_WORD_MS = 7_000;

/** Images are decoded on libuv's threads, which are four however many processors there are. */
const poolSize = Math.max(4, availableParallelism());

/** What every job of a slot shares. */
export interface JobSupervision {
  readonly api: ApiClient;
  readonly log: Log;
  readonly folders: DataFolders;
  readonly shutdown: Shutdown;
  readonly slot: string;
  /** What no other process may work on at the same time. */
  readonly device: string;
  readonly executor: ExecutorName;
  /** The slot's. */
  readonly gpu: Gpu | null;
  /** Of the job's process: the address and key of the API, the folder of data, the GPU. */
  readonly env: NodeJS.ProcessEnv;
  readonly environment: Readonly<Record<string, string | number>>;
  /** Hears what the job's process prints. */
  readonly write: (text: string) => void;
  /** After which silence the job's process is ended; a quarter of an hour, and half a minute once it is to end, unless said. */
  readonly silence?: SilenceLimits;
}

/** How the process of a job ended: in good order, whatever became of the job, or by a crash. */
export type JobOutcome = "ended" | "crashed";

/**
 * Does a claimed job in a process of its own. As long as that lives, the lease is its own; once it has crashed, this process sends what it
 * had spooled and gives the job back to go on from its last checkpoint, or fails it when it crashes again and again. A process that gives
 * no sign of life hangs in native code: it is killed, which is a crash like any other.
 */
export async function superviseJob(claimed: ClaimedJob, supervision: JobSupervision): Promise<JobOutcome> {
  const { slot, device, executor, gpu, environment, folders, log } = supervision;
  let standing: JobStanding = { resumedFrom: -1, step: -1 };
  const env = { UV_THREADPOOL_SIZE: String(poolSize), ...supervision.env };
  const { child, ended } = forkProgram("job-process", { env, write: supervision.write });
  let hung: string | undefined;
  const kill = (why: string) => {
    hung = why;
    child.kill("SIGKILL");
  };
  const watchdog = new Watchdog(supervision.silence ?? silenceLimits, kill);
  child.on("message", (news: JobNews) => {
    if (news.kind === "stands") {
      standing = news;
      watchdog.heard(news.step > news.resumedFrom);
    } else if (news.kind === "alive") watchdog.heard(news.isAtBatches);
    else watchdog.asked();
  });
  // A process that dies while it is spoken to is heard of by its end.
  const tell = (command: JobCommand) => child.send(command, () => {});
  tell({ kind: "work", claimed, slot, device, executor, gpu, environment });
  const release = passOn(supervision.shutdown, tell, () => kill("it did not answer when the worker shut down"));
  const ending = await ended.finally(() => {
    release();
    watchdog.close();
  });
  const end: CrashEnd = { ...ending, hung };
  const crashes = new CrashRecord(folders.crashes);
  if (end.code === 0) {
    await crashes.forget(claimed.job.id);
    return "ended";
  }
  log.warn("the process of the job crashed", { job: claimed.job.id, cause: causeOf(end), step: standing.step });
  await settleCrash(claimed, end, standing, crashes, supervision);
  return "crashed";
}

/** Tells the process of a job that the worker shuts down. Returns what ends that. */
function passOn({ begun, deadline }: Shutdown, tell: (command: JobCommand) => void, kill: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onBegun = () => tell({ kind: "shut down" });
  const onDeadline = () => {
    tell({ kind: "time is up" });
    timer = setTimeout(kill, LAST_WORD_MS);
  };
  if (begun.aborted) onBegun();
  if (deadline.aborted) onDeadline();
  begun.addEventListener("abort", onBegun, { once: true });
  deadline.addEventListener("abort", onDeadline, { once: true });
  return () => {
    clearTimeout(timer);
    begun.removeEventListener("abort", onBegun);
    deadline.removeEventListener("abort", onDeadline);
  };
}

async function settleCrash(
  { job, leaseGeneration }: ClaimedJob,
  end: CrashEnd,
  standing: JobStanding,
  crashes: CrashRecord,
  { api, log, folders, shutdown }: JobSupervision,
): Promise<void> {
  await sendLeftovers(folders.spools, { ...api.access, onProblem: heedProblems(log), signal: shutdown.deadline });
  const { count, isHopeless } = await crashes.add(job.id, standing);
  const result = isHopeless
    ? ({ status: "FAILED", error: describeCrash(end, standing, count) } as const)
    : ({ status: "QUEUED" } as const);
  try {
    await api.request(finishJob, { input: { job: job.id, leaseGeneration, ...result } }, shutdown.deadline);
    log.info(isHopeless ? "the job is given up" : "the job is queued again", { job: job.id, crashes: count });
    if (isHopeless) await crashes.forget(job.id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    log.warn("the end of the job did not reach the API", { job: job.id, reason: error.message });
  }
}
