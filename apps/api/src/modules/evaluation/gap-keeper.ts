import { setTimeout as delay } from "node:timers/promises";
import { gapRuleVersion } from "@residual/shared";
import type { Pool } from "pg";
import { type DataSource, In } from "typeorm";
import { isDatabaseAway } from "../../errors.js";
import type { LiveEvents } from "../../live/events.js";
import type { MetricPath } from "../metric/metric-path.js";
import { Run } from "../run/run.entity.js";
import { type JudgedRun, judgeRuns } from "./judge-runs.js";
import { keepGaps } from "./keep-gap.js";
import { valPoints } from "./val-points.js";

/** Runs that are judged at a time. */
const BATCH = 100;

/** The least time between two looks at the runs that have logged. */
const EVERY_MS = 1_000;

/** Judging takes at most this part of the time: a thousand live runs are told later, and nothing else is slowed down. */
const SHARE = 0.05;

/** Of so many runs it is known at which val point they were judged; then all is forgotten. */
const REMEMBERED = 10_000;

type Parts = { db: DataSource; pool: Pool; events: LiveEvents; metrics: MetricPath };

/**
 * Keeps what the gap of each run says beside the run (keep-gap.ts), and tells when it changed. Evaluations keep theirs as they are logged; this is
 * for runs that log series, of which each new val point may change the verdict, and for runs that other rules or another threshold apply to now.
 * Whatever is lost with the process is found again: by the next val point, and by the look at stale and at late runs when the API starts.
 */
export class GapKeeper {
  readonly #due = new Set<string>();
  readonly #seen = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #stop: (() => void)[];
  #nextAt = 0;
  #working: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(
    private readonly parts: Parts,
    private readonly log: (line: string) => void,
  ) {
    const { events } = parts;
    this.#stop = [
      events.onOwn((notice) => {
        if (notice.about === "metrics") this.#due.add(notice.runId);
        // Somebody chose other series.
        if (notice.about === "run" && notice.change === "UPDATED") this.#again(notice.run.id);
      }),
      events.onGapRuleChanged(() => void this.judgeStale()),
    ];
    this.#timer = setInterval(() => {
      if (this.#due.size > 0 && performance.now() >= this.#nextAt) void this.judgeDue();
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** Judges the runs that have logged since the last look. */
  judgeDue(): Promise<void> {
    return this.#queue(() => this.#judgeDue());
  }

  async #judgeDue(): Promise<void> {
    const startedAt = performance.now();
    const ids = [...this.#due].slice(0, BATCH);
    for (const id of ids) this.#due.delete(id);
    const { db, pool, metrics } = this.parts;
    await metrics.ingest.summariesWritten();
    const runs = await db.getRepository(Run).findBy({ id: In(ids), origin: "LOGGED" });
    const points = await valPoints(pool, runs);
    const pointsOf = ({ id }: Run) => points.get(id) ?? 0;
    const changed = runs.filter((run) => pointsOf(run) !== this.#seen.get(run.id));
    await this.#keep(await judgeRuns(pool, changed));
    if (this.#seen.size > REMEMBERED) this.#seen.clear();
    for (const run of changed) this.#seen.set(run.id, pointsOf(run));
    const took = performance.now() - startedAt;
    this.#nextAt = performance.now() + took / SHARE - took;
  }

  /** At the start of the API: runs that were logged until the one before ended, and all that other rules apply to now, in the background. */
  async start(): Promise<void> {
    const { rows } = await this.parts.pool.query<{ id: string }>(
      `SELECT id FROM run WHERE origin = 'LOGGED' AND (status = 'RUNNING' OR finished_at > now() - interval '1 hour')
       ORDER BY id DESC LIMIT ${REMEMBERED}`,
    );
    for (const { id } of rows) this.#due.add(id);
    void this.judgeStale();
  }

  /** Judges all runs that were not judged by the rules and thresholds of today. */
  judgeStale(): Promise<void> {
    return this.#queue(async () => {
      let after = "";
      while (!this.#isClosing) {
        const startedAt = performance.now();
        const runs = await this.#staleRuns(after);
        if (runs.length === 0) return;
        after = runs.at(-1)!.id;
        await this.#keep(await judgeRuns(this.parts.pool, runs));
        await delay(performance.now() - startedAt);
      }
    });
  }

  /** Judges what has logged since the last look, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const stop of this.#stop) stop();
    this.#isClosing = true;
    await this.judgeDue();
  }

  #again(id: string): void {
    this.#seen.delete(id);
    this.#due.add(id);
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(async () => {
      try {
        await work();
      } catch (error) {
        // What could not be judged now is stale, and found as such by the next start.
        if (!isDatabaseAway(error)) this.log(`Judging the gaps of runs failed: ${(error as Error).message}`);
      }
    });
    return this.#working;
  }

  async #staleRuns(after: string): Promise<Run[]> {
    const { rows } = await this.parts.pool.query<{ id: string }>(
      `SELECT run.id FROM run JOIN project ON project.id = run.project_id
       WHERE run.id > $1 AND (run.gap_rule IS DISTINCT FROM $2 OR run.gap_threshold IS DISTINCT FROM project.gap_threshold)
       ORDER BY run.id LIMIT ${BATCH}`,
      [after, gapRuleVersion],
    );
    const runs = await this.parts.db.getRepository(Run).findBy({ id: In(rows.map(({ id }) => id)) });
    return runs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #keep(judged: JudgedRun[]): Promise<void> {
    const { pool, events } = this.parts;
    for (const distKey of new Set(judged.map(({ run }) => run.distKey))) {
      const ofShard = judged.filter(({ run }) => run.distKey === distKey);
      await keepGaps(
        pool,
        distKey,
        ofShard.map(({ run, kept }) => ({ runId: run.id, kept })),
      );
    }
    for (const { run, kept, isFromSeries } of judged) {
      if (!isFromSeries) continue;
      const isOther = run.gapVerdict !== kept.gapVerdict;
      if (isOther || run.gap !== kept.gap || run.lossGap !== kept.lossGap) events.runChanged(run, "EVALUATION");
      const passed = (gap: number | null) => gap !== null && gap >= kept.gapThreshold;
      if (isOther || (passed(kept.gap) && !passed(run.gap))) events.gapChanged(run);
    }
  }
}
