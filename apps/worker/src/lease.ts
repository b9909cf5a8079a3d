import type { TrainingRequest } from "@residual/model";
import { type ApiClient, ApiError } from "./api-client.js";
import { heartbeat, type Progress } from "./operations.js";

/** A heartbeat also carries progress to the dashboard and requests to the worker: a second is as late as either may be. */
const LONGEST_INTERVAL_SECONDS = 1;

/** Why a job ended without a result of its own. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

/** Another worker has claimed the job, or its run is gone. Nothing may be written for it any more. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/**
 * The hold on a job. Tells the API every lease/4, at least every second, that the worker lives and how far it is, and hears what
 * the API wants: go on, stop, cancel. Runs on its own timer, so that a long batch delays it by no more than the executor's own yielding.
 */
export class Lease {
  progress: Progress | null = null;
  private readonly ended = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private asked: TrainingRequest = "continue";
  private readonly released = new AbortController();
  private readonly asking = new AbortController();

  constructor(
    private readonly api: ApiClient,
    readonly job: string,
    readonly leaseGeneration: number,
    leaseSeconds: number,
  ) {
    const interval = Math.min(leaseSeconds / 4, LONGEST_INTERVAL_SECONDS) * 1000;
    this.timer = setInterval(() => this.beat(), interval);
    this.beat();
  }

  /** Aborted with Cancelled or LeaseLost. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** "stop" once someone has asked for it in the dashboard. */
  get request(): TrainingRequest {
    return this.asked;
  }

  /** Aborted once the job is to end, now or after this batch. */
  get askedToEnd(): AbortSignal {
    return AbortSignal.any([this.asking.signal, this.ended.signal]);
  }

  /** For whoever learns from another request that the job belongs to someone else. */
  lose(error: Error): void {
    this.ended.abort(error);
  }

  /** No heartbeat is under way any more once this has resolved, so that none comes after the job's end. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    this.released.abort();
    await this.beating;
  }

  private beat(): void {
    this.beating ??= this.sendBeat()
      .catch((error: unknown) => {
        if (error instanceof ApiError) this.lose(new LeaseLost(error.message));
      })
      .finally(() => {
        this.beating = undefined;
      });
  }

  private async sendBeat(): Promise<void> {
    const { job, leaseGeneration, progress } = this;
    const answer = await this.api.request(
      heartbeat,
      { input: { job, leaseGeneration, progress } },
      this.released.signal,
    );
    const { request } = answer.heartbeat;
    if (request === "CANCEL") this.lose(new Cancelled("The run was cancelled."));
    if (request === "STOP") {
      this.asked = "stop";
      this.asking.abort();
    }
  }
}
