import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { MetricLogger } from "./metric-logger.js";
import { type OnProblem, printProblem } from "./problem.js";
import { sendLeftovers } from "./send-leftovers.js";
import { type FsyncPolicy, MetricSpool } from "./spool/metric-spool.js";
import { ApiTransport } from "./transport/api-transport.js";
import type { ApiAccess } from "./transport/ask-graphql.js";

export interface OpenRunOptions extends ApiAccess {
  /** Id of the run. */
  readonly run: string;
  /** Names this process among those that log to the run; a name is never used again. A random one if left out. */
  readonly writer?: string;
  /** Of a worker's lease; 0 for a run that a script logs. */
  readonly leaseGeneration?: number;
  /** Where metrics wait until the API has them: `.residual/spool` if left out. What an earlier process left there is sent too. */
  readonly spoolFolder?: string;
  readonly fsync?: FsyncPolicy;
  /** Bytes on disk; 2 GiB if left out. */
  readonly diskLimit?: number;
  /** Bytes in memory while the disk takes none; 64 MiB if left out. */
  readonly memoryLimit?: number;
  /** Hears what the script's author has to know; printed to stderr if left out. */
  readonly onProblem?: OnProblem;
}

export const defaultSpoolFolder = join(".residual", "spool");

/** Opens a run that exists, for logging. Throws a SpoolError where the folder cannot be written; of the API it asks nothing yet. */
export function openRun({ url, key, run, ...options }: OpenRunOptions): MetricLogger {
  const { writer = randomUUID(), leaseGeneration = 0, fsync = "interval" } = options;
  const { spoolFolder = defaultSpoolFolder, onProblem = printProblem } = options;
  const owner = { run, writer, leaseGeneration };
  const folder = join(spoolFolder, `${run}-${writer}`);
  const spool = MetricSpool.create(folder, owner, {
    fsync,
    diskLimit: options.diskLimit ?? 2 * 2 ** 30,
    memoryLimit: options.memoryLimit ?? 64 * 2 ** 20,
    onDisk: (problem) => tellOfDisk(folder, problem, onProblem),
  });
  void sendLeftovers(spoolFolder, { url, key, onProblem });
  return new MetricLogger(spool, new ApiTransport({ url, key }, owner), onProblem, fsync === "each-call");
}

function tellOfDisk(folder: string, problem: string | null, onProblem: OnProblem): void {
  if (problem === null) {
    onProblem({ kind: "disk-back", message: `${folder} takes metrics again.` });
    return;
  }
  const message = `Metrics cannot be written to ${folder}: ${problem}. They are kept in memory and sent from there. Free some space.`;
  onProblem({ kind: "disk", message });
}
