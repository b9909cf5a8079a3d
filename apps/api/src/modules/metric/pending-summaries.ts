import type { MetricFrame } from "@residual/shared";
import type { Accepted } from "./frame-statements.js";
import { addPoints, emptySummary, type SeriesSummary } from "./series-summary.js";
import type { IncomingFrame } from "./store-frames.js";

/** What the stored summaries of a run lack. */
export type DueSummaries = {
  runId: string;
  /** How many arrivals `series` sums up, and the last of them. */
  arrivals: number;
  arrival: number;
  series: SeriesSummary[];
};

type PendingRun = {
  /** Keys that have a row; what a run logs under a new key is written at once. */
  known: Set<string>;
  series: Map<string, SeriesSummary>;
  arrivals: number;
  arrival: number;
  writtenAt: number;
};

/** How long the stored summaries of a run may lag behind its frames. */
export const SUMMARY_DELAY_MS = 100;

/** A run that logs nothing for so long is forgotten: its next frame is written with its summaries again. */
const FORGET_AFTER_MS = 60_000;

/**
 * Summaries that were folded in memory and are not stored yet, of the runs of one shard. Ten upserts a frame are most of what a commit of
 * one-step frames costs; folded, a busy run pays for them ten times a second, and a quiet one with each of its frames, in the same commit.
 */
export class PendingSummaries {
  readonly #runs = new Map<string, PendingRun>();
  readonly #doubtful = new Set<string>();
  #waiting = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether something has still to be written. */
  get isEmpty(): boolean {
    return this.#waiting === 0 && this.#doubtful.size === 0;
  }

  /** Whether summaries should be written in the same commit as these frames: of a new key, and of a run that is logged to now and then. */
  needsWriting(items: readonly IncomingFrame[]): boolean {
    const now = this.now();
    return items.some(({ runId, frame }) => {
      const run = this.#runs.get(runId);
      if (!run || (run.arrivals === 0 && now - run.writtenAt >= SUMMARY_DELAY_MS)) return true;
      return hasNewKey(run, frame);
    });
  }

  /** Folds frames that are about to be committed; returns, and forgets, what has to be written in the same commit. */
  add(accepted: readonly Accepted[]): DueSummaries[] {
    this.fold(accepted);
    const now = this.now();
    const due = new Set<string>();
    for (const { item } of accepted) {
      const run = this.#runs.get(item.runId)!;
      if (now - run.writtenAt >= SUMMARY_DELAY_MS || hasNewKey(run, item.frame)) due.add(item.runId);
    }
    return this.#take(due, now);
  }

  /** Folds frames that were committed without their summaries. */
  fold(accepted: readonly Accepted[]): void {
    for (const { item, arrival } of accepted) {
      const run = this.#runs.get(item.runId) ?? this.#begin(item.runId);
      if (run.arrivals === 0) this.#waiting++;
      run.arrivals++;
      run.arrival = arrival;
      for (const { key, rows, values } of item.frame.columns) {
        if (values.length === 0) continue;
        let summary = run.series.get(key);
        if (!summary) {
          summary = emptySummary(key);
          run.series.set(key, summary);
        }
        addPoints(summary, item.frame.steps, values, rows);
      }
    }
  }

  /** Everything that is not written yet; it is forgotten here. */
  takeAll(): DueSummaries[] {
    const now = this.now();
    const waiting = [...this.#runs].filter(([, run]) => run.arrivals > 0).map(([runId]) => runId);
    for (const [runId, run] of this.#runs)
      if (run.arrivals === 0 && now - run.writtenAt > FORGET_AFTER_MS) this.#runs.delete(runId);
    return this.#take(waiting, now);
  }

  /** For runs whose commit failed: it may have been committed all the same, so that their summaries have to be made anew from the points. */
  doubt(runIds: Iterable<string>): void {
    for (const runId of runIds) {
      if ((this.#runs.get(runId)?.arrivals ?? 0) > 0) this.#waiting--;
      this.#runs.delete(runId);
      this.#doubtful.add(runId);
    }
  }

  takeDoubtful(): string[] {
    const doubtful = [...this.#doubtful];
    this.#doubtful.clear();
    return doubtful;
  }

  #begin(runId: string): PendingRun {
    const run: PendingRun = {
      known: new Set(),
      series: new Map(),
      arrivals: 0,
      arrival: 0,
      writtenAt: Number.NEGATIVE_INFINITY,
    };
    this.#runs.set(runId, run);
    return run;
  }

  #take(runIds: Iterable<string>, now: number): DueSummaries[] {
    const due: DueSummaries[] = [];
    for (const runId of runIds) {
      const run = this.#runs.get(runId)!;
      for (const key of run.series.keys()) run.known.add(key);
      due.push({ runId, arrivals: run.arrivals, arrival: run.arrival, series: [...run.series.values()] });
      this.#waiting--;
      run.series = new Map();
      run.arrivals = 0;
      run.writtenAt = now;
    }
    return due;
  }
}

function hasNewKey({ known }: PendingRun, frame: MetricFrame): boolean {
  return frame.columns.some(({ key, values }) => values.length > 0 && !known.has(key));
}
