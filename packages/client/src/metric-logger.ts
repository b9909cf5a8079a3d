import { MetricFrameError } from "@residual/shared";
import { MetricColumns, type MetricValues, PACK_FIRST } from "./columns/metric-columns.js";
import type { OnProblem } from "./problem.js";
import { Sender } from "./sender.js";
import type { MetricSpool } from "./spool/metric-spool.js";
import type { Transport } from "./transport/transport.js";

/** What was logged within this time reaches the kernel, which no kill takes it from. */
const SAVE_MS = 20;

export interface DrainProgress {
  /** Points acknowledged since the drain began, and those that were to be sent then. */
  readonly sent: number;
  readonly total: number;
}

export interface CloseOptions {
  readonly onProgress?: (progress: DrainProgress) => void;
  /** Aborted to leave at once: what is left stays on disk. */
  readonly signal?: AbortSignal;
}

export interface CloseResult extends DrainProgress {
  /** Points on disk, for `sendLeftovers`; and where. */
  readonly left: number;
  readonly folder: string;
  /** Points that were logged and could not be kept. */
  readonly lost: number;
}

/**
 * Takes the metrics of one run to the API, each point once. `log()` fills typed columns. They become a frame on disk when nothing is under way, in
 * the next turn of the event loop, or else when the API has answered, at the latest after 20 ms; so slow logs are sent at once, fast ones and a slow
 * API make fewer and larger frames, and nothing has to be set.
 */
export class MetricLogger {
  private readonly columns = new MetricColumns();
  private readonly sender: Sender;
  private readonly saveAtExit = () => this.save();
  private oldest = 0;
  private isScheduled = false;
  private timer: NodeJS.Timeout | undefined;
  private lostPoints = 0;
  private badCalls = 0;
  private isClosed = false;
  private onSent = () => {};

  constructor(
    private readonly spool: MetricSpool,
    transport: Transport,
    private readonly onProblem: OnProblem,
    private readonly savesEachCall: boolean,
  ) {
    const refill = () => {
      if (spool.waitingPoints === 0) this.save();
    };
    this.sender = new Sender(spool, transport, onProblem, refill, () => this.onSent());
    process.once("exit", this.saveAtExit);
  }

  get run(): string {
    return this.spool.owner.run;
  }

  get writer(): string {
    return this.spool.owner.writer;
  }

  /** Where the metrics wait for their acknowledgement. */
  get folder(): string {
    return this.spool.folder;
  }

  /** Points that were logged and could not be kept: memory and disk at their limits. */
  get lost(): number {
    return this.lostPoints;
  }

  /**
   * Logs values at a step (0, 1, …). NaN and infinities are values; undefined and null are none. `time` is milliseconds since 1970, now if left out.
   * Never waits and never throws: what cannot be logged is told to `onProblem`.
   */
  log(values: MetricValues, step: number, time?: number): void {
    const now = Date.now();
    try {
      if (this.columns.points === 0) this.oldest = now;
      if (this.columns.add(values, step, time ?? now) === PACK_FIRST) {
        this.save();
        this.oldest = now;
        this.columns.add(values, step, time ?? now);
      }
    } catch (error) {
      this.tellBad(error as Error);
      return;
    }
    // A clock that was set back says nothing of how long it has been.
    if (this.savesEachCall || now - this.oldest >= SAVE_MS || now < this.oldest) this.save();
    if (!this.isScheduled) this.schedule();
  }

  /** Writes what is in memory to the spool: no kill takes it away from then on. */
  save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { points } = this.columns;
    if (points === 0) return;
    try {
      const { bytes } = this.columns.pack()!;
      if (this.isClosed || !this.spool.append(bytes, points)) this.lose(points);
    } catch (error) {
      this.lose(points, error as Error);
    }
  }

  /** Resolves once everything logged so far is acknowledged: on the API's disk. Throws what the API refused with, and when `signal` is aborted. */
  async flush(signal?: AbortSignal): Promise<void> {
    this.save();
    await this.sender.drained(signal);
    signal?.throwIfAborted();
  }

  /** Sends what waits, then closes. Never throws: what could not be sent stays on disk and is told. */
  async close({ onProgress, signal }: CloseOptions = {}): Promise<CloseResult> {
    this.save();
    const total = this.spool.waitingPoints;
    const progress = (): DrainProgress => ({ sent: total - this.spool.waitingPoints, total });
    this.onSent = () => onProgress?.(progress());
    try {
      await this.sender.drained(signal);
    } catch {
      // Told when it happened.
    }
    return this.end(progress());
  }

  /** Closes without sending: what waits stays on disk for the next process. */
  async leave(): Promise<CloseResult> {
    this.save();
    return this.end({ sent: 0, total: this.spool.waitingPoints });
  }

  private async end(progress: DrainProgress): Promise<CloseResult> {
    const left = this.spool.waitingPoints;
    if (!this.isClosed) {
      this.save();
      this.isClosed = true;
      process.off("exit", this.saveAtExit);
      await this.sender.stop();
      if (left === 0) await this.spool.remove();
      else this.spool.close();
    }
    return { ...progress, left, folder: this.folder, lost: this.lostPoints };
  }

  private schedule(): void {
    this.isScheduled = true;
    // Not a microtask: a step logs its parts one after another, with other work in between.
    setImmediate(() => {
      this.isScheduled = false;
      if (this.columns.points === 0 && this.spool.waitingPoints === 0) return;
      if (this.sender.isSending) this.timer ??= setTimeout(() => this.save(), SAVE_MS).unref();
      else {
        this.save();
        this.sender.wake();
      }
    });
  }

  private lose(points: number, error?: Error): void {
    const isFirst = this.lostPoints === 0;
    this.lostPoints += points;
    if (!isFirst) return;
    const reason = error?.message ?? (this.isClosed ? "the logger is closed" : "disk and memory are at their limits");
    const message = `Metrics of run ${this.run} are being lost: ${reason}. Free some space in ${this.folder}; training goes on without them.`;
    this.onProblem({ kind: "lost", message });
  }

  private tellBad(error: Error): void {
    if (!(error instanceof MetricFrameError)) throw error;
    if (this.badCalls++ > 0) return;
    const message = `A call of log() was not logged: ${error.reason} Further ones are not told.`;
    this.onProblem({ kind: "bad-value", message });
  }
}
