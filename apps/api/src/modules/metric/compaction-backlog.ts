import { AppError } from "../../errors.js";

/** Of one run. Every chart of it decodes them all: so many take about half a second. */
const most = { frames: 16_384, points: 8_388_608 } as const;

type Waiting = { frames: number; points: number };

/**
 * How much of each run waits for its compaction, as far as this process stored it or has counted it. What is beyond the limit is refused: the writer
 * keeps it and waits, until compaction has caught up.
 */
export class CompactionBacklog {
  readonly #runs = new Map<string, Waiting>();

  constructor(private readonly limit: Waiting = most) {}

  /** A frame was stored. */
  add(runId: string, points: number): void {
    const waiting = this.#runs.get(runId);
    if (!waiting) this.#runs.set(runId, { frames: 1, points });
    else {
      waiting.frames++;
      waiting.points += points;
    }
  }

  /** What the database has waiting of a run, frames of other processes too. */
  counted(runId: string, waiting: Waiting): void {
    if (waiting.frames === 0) this.#runs.delete(runId);
    else this.#runs.set(runId, waiting);
  }

  /** A run that cannot be compacted (damaged, the database away) goes on being logged: a chart that is slow is better than points that are not taken. */
  forget(runId: string): void {
    this.#runs.delete(runId);
  }

  /** Throws RATE_LIMITED, with what was exceeded and the seconds to wait, where too much of the run waits. */
  check(runId: string): void {
    const waiting = this.#runs.get(runId);
    if (!waiting) return;
    const what = waiting.frames >= this.limit.frames ? "frames" : waiting.points >= this.limit.points ? "points" : null;
    if (what === null) return;
    const message = `Run ${runId} has ${waiting[what].toLocaleString("en")} ${what} that are stored but not compacted yet; at most ${this.limit[what].toLocaleString("en")} may wait. Nothing of this was stored; send it again in a second, or log in larger flushes.`;
    const exceeded = what === "frames" ? "uncompactedFrames" : "uncompactedPoints";
    throw new AppError("RATE_LIMITED", message, { exceeded, limit: this.limit[what], retryAfterSeconds: 1 });
  }
}
