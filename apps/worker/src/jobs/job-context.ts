import type { ArchitectureSpec, Executor } from "@residual/model";
import type { ApiClient } from "../api-client.js";
import type { DataFolders } from "../data-folders.js";
import type { Gpu } from "../devices/gpus.js";
import type { Lease } from "../lease.js";
import type { Log } from "../log.js";
import type { JobNews } from "../processes/job-messages.js";

/** What a job may use. */
export interface JobContext {
  readonly api: ApiClient;
  /** Opens what trains. Throws an ExecutorMissing where that cannot be opened. */
  readonly executor: () => Promise<Executor>;
  /** The network of an id. Throws a RangeError for one that this worker cannot train. */
  readonly architecture: (id: string) => ArchitectureSpec;
  readonly folders: DataFolders;
  readonly lease: Lease;
  readonly log: Log;
  /** Aborted once the worker is to end: the job is put down so that another worker can go on. */
  readonly shutdown: AbortSignal;
  /** Aborted when the job must end at once: cancelled, taken over, or out of time to end in good order. */
  readonly signal: AbortSignal;
  /** Facts about the machine that are stored with every run. */
  readonly environment: Readonly<Record<string, string | number>>;
  /** Whether the best checkpoint goes to the API. */
  readonly uploadsBest: boolean;
  /** The GPU that is trained on. */
  readonly gpu: Gpu | null;
  /** Hears where the run stands, for whoever must explain a crash, and that it goes on, for whoever must notice when it does not. */
  readonly tell: (news: JobNews) => void;
}
