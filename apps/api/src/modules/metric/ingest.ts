import type { Pool } from "pg";
import { AppError } from "../../errors.js";
import type { Events } from "../../live/events.js";
import { IngestLane } from "./ingest-lane.js";
import { defaultIngestLimits, type IngestLimits, ProjectLimits } from "./project-limits.js";
import type { IncomingFrame, Receipt, StoredFrame } from "./store-frames.js";

/** Bytes that may wait for their commit (what is above is refused, and the writer keeps it), and commits that are under way at once. */
const limits = { waitingBytes: 64 << 20, commits: 4 } as const;

/**
 * The one way of metrics into the database. Batches naturally: while a commit is under way everything that arrives queues and goes as the
 * next one, without a timer; a lone frame is committed at once, and many writers share a commit. Frames of one shard go one commit after
 * the other, those of different shards side by side.
 */
export class MetricIngest {
  readonly #projects: ProjectLimits;
  readonly #lanes = new Map<number, IngestLane>();
  readonly #ready = new Set<IngestLane>();
  #waitingBytes = 0;
  #underWay = 0;
  #idle: (() => void)[] = [];

  constructor(
    private readonly pool: Pool,
    private readonly events: Events,
    private readonly onStored: (distKey: number, stored: StoredFrame[]) => void,
    ingestLimits: IngestLimits = defaultIngestLimits,
    /** Throws where a run must not be logged to at the moment. */
    private readonly checkRun: (runId: string) => void = () => {},
  ) {
    this.#projects = new ProjectLimits(ingestLimits);
  }

  /**
   * Resolves when the frame is committed (or known to have been before). Rejects with FENCED, SEQ_GAP (extensions.expected), CONFLICT,
   * NOT_FOUND, RATE_LIMITED, or with the database's error; then nothing of it is stored and it can be sent again.
   */
  async log(distKey: number, item: IncomingFrame): Promise<Receipt> {
    const bytes = item.bytes.length;
    if (this.#waitingBytes + bytes > limits.waitingBytes) {
      const message = "The database cannot keep up with the metrics that arrive. Send this frame again in a second.";
      throw new AppError("RATE_LIMITED", message, { exceeded: "waitingBytes", limit: limits.waitingBytes });
    }
    this.checkRun(item.runId);
    this.#projects.take(distKey, item.points, bytes);
    this.#waitingBytes += bytes;
    try {
      return await this.#lane(distKey).log(item);
    } finally {
      this.#waitingBytes -= bytes;
    }
  }

  /** Resolves when the summaries contain everything that was acknowledged before; at once where they do. For whoever reads metric_series. */
  async summariesWritten(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.summariesWritten()));
  }

  /** Resolves once everything that was accepted is committed or refused, summaries included. */
  async drained(): Promise<void> {
    while (this.#underWay > 0 || this.#ready.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.summariesWritten();
  }

  #lane(distKey: number): IngestLane {
    let lane = this.#lanes.get(distKey);
    if (!lane) {
      lane = new IngestLane(this.pool, distKey, (woken) => this.#wake(woken));
      this.#lanes.set(distKey, lane);
    }
    return lane;
  }

  #wake(lane: IngestLane): void {
    if (this.#ready.has(lane) || lane.isBusy) return;
    this.#ready.add(lane);
    // One turn of the event loop later, so that requests that were read from their sockets together share the commit.
    if (this.#underWay < limits.commits) setImmediate(() => this.#next());
  }

  #next(): void {
    const [lane] = this.#ready;
    if (!lane || this.#underWay >= limits.commits) return;
    this.#ready.delete(lane);
    this.#underWay++;
    void this.#run(lane);
  }

  async #run(lane: IngestLane): Promise<void> {
    await lane.step((stored) => {
      this.onStored(lane.distKey, stored);
      for (const runId of new Set(stored.map((frame) => frame.runId))) this.events.metricsStored(runId);
    });
    this.#underWay--;
    if (lane.hasWork) this.#ready.add(lane);
    this.#next();
    if (this.#underWay > 0 || this.#ready.size > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
