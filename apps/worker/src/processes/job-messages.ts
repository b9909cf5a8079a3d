import type { ExecutorName } from "@residual/model";
import type { Gpu } from "../devices/gpus.js";
import type { ClaimedJob } from "../operations.js";

/** What the worker tells the process of a job. */
export type JobCommand =
  | {
      readonly kind: "work";
      readonly claimed: ClaimedJob;
      /** Of the worker's slot. */
      readonly slot: string;
      /** What no other process may work on at the same time. */
      readonly device: string;
      readonly executor: ExecutorName;
      /** The slot's. */
      readonly gpu: Gpu | null;
      readonly environment: Readonly<Record<string, string | number>>;
    }
  /** Put the job down in good order. */
  | { readonly kind: "shut down" }
  /** Let the job go at once. */
  | { readonly kind: "time is up" };

/** Where a run stands, for whoever must explain a crash. */
export interface JobStanding {
  readonly resumedFrom: number;
  readonly step: number;
}

/** What the process of a job tells the worker. */
export type JobNews =
  | ({ readonly kind: "stands" } & JobStanding)
  /** It goes on; `isAtBatches` where what comes next is a batch. */
  | { readonly kind: "alive"; readonly isAtBatches: boolean }
  /** Someone wants the job to end: by now or after this batch. */
  | { readonly kind: "asked to end" };
