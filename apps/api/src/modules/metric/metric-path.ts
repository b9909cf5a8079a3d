import type { Pool } from "pg";
import type { Events } from "../../live/events.js";
import { compactRun } from "./compact.js";
import { CompactionBacklog } from "./compaction-backlog.js";
import { convertOldChunks } from "./convert-old-chunks.js";
import { MetricIngest } from "./ingest.js";
import { LaggingSummaries } from "./lagging-summaries.js";
import type { IngestLimits } from "./project-limits.js";
import type { StoredFrame } from "./store-frames.js";

type RunKey = { id: string; distKey: number };

/** A run with this many frames is compacted: fewer are read within a millisecond or two. */
const FRAMES_UNTIL_COMPACTION = 128;

/** Runs that rest are compacted too, from so many frames or points on: their chunks are read faster and take a third of the room. */
const RESTING_FRAMES = 8;
const RESTING_POINTS = 4_096;
const RESTING_SECONDS = 60;

/**
 * No frame is kept raw for longer: a run of a few evaluations has too few frames for the rules above, and a million such runs would each be looked
 * at every minute.
 */
const RAW_SECONDS = 3_600;

/** The ingest of one API process and the compaction that follows it, one run at a time. */
export class MetricPath {
  readonly ingest: MetricIngest;
  /** Since the start of this process. */
  readonly stored = { frames: 0, points: 0 };
  readonly #lagging: LaggingSummaries;
  readonly #frames = new Map<string, number>();
  readonly #due = new Map<string, RunKey>();
  readonly #backlog: CompactionBacklog;
  #compacting: Promise<void> | null = null;
  #restTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly pool: Pool,
    events: Events,
    private readonly log: (line: string) => void,
    limits?: IngestLimits,
    backlog = new CompactionBacklog(),
  ) {
    this.#backlog = backlog;
    this.#lagging = new LaggingSummaries(pool);
    const stored = (distKey: number, frames: StoredFrame[]) => this.#count(distKey, frames);
    this.ingest = new MetricIngest(pool, events, stored, limits, (runId) => this.#backlog.check(runId));
  }

  /** From now on also compacts what an earlier process left behind, and runs that have come to rest. */
  async start(): Promise<void> {
    await convertOldChunks(this.pool, this.log);
    const left = await this.#lagging.recover();
    if (left > 0)
      this.log(`The summaries of ${left} runs were left incomplete; they are made anew when they are read.`);
    await this.compactResting();
    this.#restTimer = setInterval(() => {
      Promise.all([this.compactResting(), this.#lagging.look()]).catch((error: Error) =>
        this.log(`Looking for metrics to compact failed: ${error.message}`),
      );
    }, RESTING_SECONDS * 1_000).unref();
  }

  /** Schedules the compaction of every run that has many frames, some and no new one for `seconds`, or an old one. */
  async compactResting(seconds = RESTING_SECONDS): Promise<void> {
    const { rows } = await this.pool.query<{ dist_key: number; run_id: string }>(
      `SELECT dist_key, run_id FROM metric_frame GROUP BY 1, 2
       HAVING count(*) >= $1
         OR (count(*) >= $2 OR sum(points) >= $3) AND max(received_at) <= now() - make_interval(secs => $4)
         OR min(received_at) <= now() - make_interval(secs => $5)`,
      [FRAMES_UNTIL_COMPACTION, RESTING_FRAMES, RESTING_POINTS, seconds, RAW_SECONDS],
    );
    for (const row of rows) this.#schedule({ id: row.run_id, distKey: row.dist_key });
  }

  /** Resolves when what was accepted is committed and compaction has finished its transaction. */
  async close(): Promise<void> {
    clearInterval(this.#restTimer);
    await this.ingest.drained();
    this.#closed = true;
    await this.#compacting;
  }

  /** Resolves when no compaction is due. */
  async compacted(): Promise<void> {
    while (this.#compacting) await this.#compacting;
  }

  #count(distKey: number, stored: StoredFrame[]): void {
    for (const { runId, points } of stored) {
      this.stored.frames++;
      this.stored.points += points;
      this.#backlog.add(runId, points);
      const frames = (this.#frames.get(runId) ?? 0) + 1;
      this.#frames.set(runId, frames);
      if (frames >= FRAMES_UNTIL_COMPACTION) this.#schedule({ id: runId, distKey });
    }
  }

  #schedule(run: RunKey): void {
    this.#frames.delete(run.id);
    this.#due.set(run.id, run);
    this.#compacting ??= this.#compactDue();
  }

  async #compactDue(): Promise<void> {
    // The acknowledgement goes out first: compaction is nobody's business but the next reader's.
    await new Promise(setImmediate);
    for (const run of this.#due.values()) {
      if (this.#closed) break;
      this.#due.delete(run.id);
      try {
        await this.#compactWhatIsThere(run);
      } catch (error) {
        // Nothing is lost: the frames are still there and the next ones bring the run up again.
        this.log(`Compacting the metrics of ${run.id} failed: ${(error as Error).message}`);
        this.#backlog.forget(run.id);
      }
    }
    this.#compacting = null;
  }

  /** One transaction after the other, until what is there now is compacted; what comes meanwhile waits until there is enough of it again. */
  async #compactWhatIsThere(run: RunKey): Promise<void> {
    const { rows } = await this.pool.query<{ newest: number }>(
      "SELECT arrivals AS newest FROM metric_stream WHERE dist_key = $1 AND run_id = $2",
      [run.distKey, run.id],
    );
    while (!this.#closed) {
      const frames = await compactRun(this.pool, run);
      const oldest = await this.#countLeft(run);
      if (frames === 0 || oldest > rows[0]!.newest) return;
    }
  }

  /** Counts what of a run waits, and returns the arrival of its oldest frame; infinity where none does. */
  async #countLeft({ id, distKey }: RunKey): Promise<number> {
    const { rows } = await this.pool.query<{ oldest: number | null; frames: number; points: number }>(
      `SELECT min(arrival) AS oldest, count(*) AS frames, coalesce(sum(points), 0)::bigint AS points
       FROM metric_frame WHERE dist_key = $1 AND run_id = $2`,
      [distKey, id],
    );
    const { oldest, frames, points } = rows[0]!;
    this.#backlog.counted(id, { frames, points });
    return oldest ?? Number.POSITIVE_INFINITY;
  }
}
