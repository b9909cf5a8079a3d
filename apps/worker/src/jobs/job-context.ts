import type { ArchitectureSpec, Executor } from "@residual/model";
import type { ApiClient } from "../api-client.js";
import type { Lease } from "../lease.js";
import type { Log } from "../log.js";

/** What a job may use. */
export interface JobContext {
  readonly api: ApiClient;
  readonly executor: Executor;
  /** The network of an id. Throws a RangeError for one that this worker cannot train. */
  readonly architecture: (id: string) => ArchitectureSpec;
  readonly folders: Folders;
  readonly lease: Lease;
  readonly log: Log;
  /** Aborted once the worker is to end: the job is put down so that another worker can go on. */
  readonly shutdown: AbortSignal;
  /** Aborted when the job must end at once: cancelled, taken over, or out of time to end in good order. */
  readonly signal: AbortSignal;
  /** Facts about the machine that are stored with every run. */
  readonly environment: Readonly<Record<string, string | number>>;
}

/** Where a worker keeps what outlives a job. */
interface Folders {
  readonly checkpoints: string;
  readonly spools: string;
  readonly scans: string;
  readonly pixels: string;
}
