import type { Pool } from "pg";
import { KnownWriters } from "./known-writers.js";
import { PendingSummaries, SUMMARY_DELAY_MS } from "./pending-summaries.js";
import { type IncomingFrame, type Outcome, type Receipt, type StoredFrame, storeFrames } from "./store-frames.js";
import { storeNextFrames } from "./store-next-frames.js";
import { writeSummaries } from "./write-summaries.js";

type Waiting = { item: IncomingFrame; resolve(receipt: Receipt): void; reject(error: unknown): void };

/** Frames and bytes in one commit. */
const limits = { batchFrames: 512, batchBytes: 4 << 20 } as const;

/** The frames that wait for one shard, and the summaries that its commits have left to write. One transaction at a time: see MetricIngest. */
export class IngestLane {
  #waiting: Waiting[] = [];
  readonly #writers = new KnownWriters();
  readonly #summaries = new PendingSummaries();
  #summaryTimer: NodeJS.Timeout | undefined;
  #askedForSummaries: (() => void)[] = [];
  #summariesDue = false;
  #isBusy = false;

  /** `wake`: there is something to do. */
  constructor(
    private readonly pool: Pool,
    readonly distKey: number,
    private readonly wake: (lane: IngestLane) => void,
  ) {}

  /** Whether a transaction is under way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get hasWork(): boolean {
    return this.#waiting.length > 0 || this.#summariesDue;
  }

  log(item: IncomingFrame): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.wake(this);
    });
  }

  /** Resolves when the summaries of what was acknowledged before are stored; also where the database is away, as readers are told so. */
  summariesWritten(): Promise<void> {
    if (this.#summaries.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#askedForSummaries.push(resolve);
      this.#dueNow();
    });
  }

  /** One transaction: of the summaries where they are due, else of the longest head of the queue that fits. */
  async step(committed: (stored: StoredFrame[]) => void): Promise<void> {
    this.#isBusy = true;
    if (this.#summariesDue) await this.#writeSummaries();
    else if (this.#waiting.length > 0) await this.#store(this.#takeBatch(), committed);
    this.#isBusy = false;
    if (!this.#summaries.isEmpty) this.#summaryTimer ??= setTimeout(() => this.#dueNow(), SUMMARY_DELAY_MS).unref();
  }

  async #store(batch: Waiting[], committed: (stored: StoredFrame[]) => void): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const { outcomes, stored } =
        (await storeNextFrames(this.pool, this.distKey, items, this.#writers, this.#summaries)) ??
        (await storeFrames(this.pool, this.distKey, items, this.#summaries));
      this.#writers.learn(items.filter((_, i) => isNew(outcomes[i]!)));
      committed(stored);
      for (const [i, outcome] of outcomes.entries()) settle(batch[i]!, outcome);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }

  async #writeSummaries(): Promise<void> {
    clearTimeout(this.#summaryTimer);
    this.#summaryTimer = undefined;
    this.#summariesDue = false;
    const asked = this.#askedForSummaries;
    this.#askedForSummaries = [];
    // A failure leaves the runs in doubt; the next attempt has them made anew.
    await writeSummaries(this.pool, this.distKey, this.#summaries).catch(() => {});
    for (const resolve of asked) resolve();
  }

  #dueNow(): void {
    this.#summariesDue = true;
    this.wake(this);
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      if (count === limits.batchFrames || (count > 0 && bytes + item.bytes.length > limits.batchBytes)) break;
      bytes += item.bytes.length;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}

function isNew(outcome: Outcome): boolean {
  return "receipt" in outcome && !outcome.receipt.duplicate;
}

function settle(waiting: Waiting, outcome: Outcome): void {
  if ("error" in outcome) waiting.reject(outcome.error);
  else waiting.resolve(outcome.receipt);
}
