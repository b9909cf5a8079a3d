import type { Pool } from "pg";
import { isDatabaseAway } from "../../errors.js";
import { Bell, endable } from "../../live/bell.js";
import type { LiveEvents } from "../../live/events.js";
import { shareResult } from "../../live/shared-results.js";
import { encodeOnce } from "../../scalars/columns.js";
import { Turns } from "../../turns.js";
import type { FeedSeries } from "./fold-points.js";
import { type Bite, FollowedRun, type Shape, TICK_MS } from "./followed-run.js";
import { decodeCursor, encodeCursor, type Positions } from "./metric-cursor.js";
import type { RunToRead } from "./read-parts.js";

/** New points of one run; `cursor` stands for everything that the subscriber has by then, of all its runs. */
export type FeedUpdate = {
  runId: string;
  cursor: string;
  series: FeedSeries[];
  /** True for what was stored before the subscription began. */
  replayed: boolean;
  supersededAfter: number | null;
  /** Since when there was something to tell that the subscriber was not told; null for one that keeps up. */
  behindSince: Date | null;
};

/** `maxPoints`: rows of one series in one update; null: every point. */
export type FeedRequest = { runs: RunToRead[]; keys: string[] | null; after: string | null; maxPoints: number | null };

/** `changed`: runs to look at, each with the time (ms since 1970) of the first notice that was not followed yet; 0 for none. */
type Follower = { positions: Positions; changed: Map<string, number>; bell: Bell };

type Followed = { run: FollowedRun; distKey: number; followers: Set<Follower> };

/** Looks for what no notice told: often while that finds something, seldom while all is told. */
const sweepMs = { shortest: 2_000, longest: 30_000 } as const;
const RETRY_MS = 500;
/** Who was told nothing for so long is told so. */
const BEHIND_MS = 1_000;
/** Looks at the database at once: those of 1,000 subscribers must leave connections for the writers. */
const MAX_LOOKS = 8;

/**
 * Live metrics by cursor. A notice only marks a run as changed; the subscriber reads from the database what lies after its position, and
 * only when its socket has taken the update before. So a reader that stalls holds one position a run and no data, gets all it missed in
 * larger updates, and hinders nobody. A sweep finds what no notice told (a lost one).
 */
export class MetricFeed {
  readonly #followed = new Map<string, Followed>();
  readonly #looks = new Turns(MAX_LOOKS);
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly events: LiveEvents,
    private readonly log: (line: string) => void,
    private readonly shortestSweepMs: number = sweepMs.shortest,
  ) {
    events.onMissed(async () => void (await this.#findUntold()));
    this.#sweepAfter(shortestSweepMs);
  }

  /** Ends all subscriptions. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#sweep);
    for (const { followers } of this.#followed.values()) for (const follower of followers) follower.bell.close();
  }

  /** Subscriptions to a run that are open now, over all runs. */
  get size(): number {
    let size = 0;
    for (const { followers } of this.#followed.values()) size += followers.size;
    return size;
  }

  /**
   * Where the runs' metrics stand: a cursor from which `follow` misses nothing that a history read later does not have. Runs that the
   * cursor `after` knows keep the position that it has of them.
   */
  async standing(runs: RunToRead[], after: string | null): Promise<string> {
    const positions = await this.#newest(runs);
    const known = after === null ? [] : decodeCursor(after, [...positions.keys()]);
    for (const [id, arrival] of known) positions.set(id, Math.min(arrival, positions.get(id)!));
    return encodeCursor(positions);
  }

  /**
   * What happens to the runs' metrics after the cursor `after`: first what was missed, then live. Without a cursor, and for a run that the
   * cursor does not know, from now on. Throws BAD_INPUT for a cursor of another kind.
   */
  async follow({ runs, keys, after, maxPoints }: FeedRequest): Promise<AsyncIterableIterator<FeedUpdate>> {
    const ids = runs.map((run) => run.id);
    const known = after === null ? new Map<string, number>() : decodeCursor(after, ids);
    const bell = new Bell();
    const follower: Follower = { positions: new Map(), changed: new Map(), bell };
    // Listening comes before looking: what is stored in between is told, not missed.
    const stops = runs.map((run) => this.#listen(run, follower));
    const stop = () => {
      for (const end of stops) end();
    };
    try {
      const newest = await this.#newest(runs);
      for (const run of runs)
        follower.positions.set(run.id, Math.min(known.get(run.id) ?? newest.get(run.id)!, newest.get(run.id)!));
      for (const id of ids) if (follower.positions.get(id)! < newest.get(id)!) follower.changed.set(id, 0);
      const names = keys && [...new Set(keys)].sort();
      const shape = { id: JSON.stringify([names, maxPoints]), keys: names && new Set(names), maxPoints };
      return endable(bell, this.#updates(new Map(runs.map((run) => [run.id, run])), shape, follower, newest), stop);
    } catch (error) {
      stop();
      throw error;
    }
  }

  async *#updates(
    runs: Map<string, RunToRead>,
    shape: Shape,
    { positions, changed, bell }: Follower,
    start: Positions,
  ): AsyncGenerator<FeedUpdate, void> {
    let tick = -1;
    while (!bell.closed) {
      if (changed.size === 0) {
        await bell.rung();
        continue;
      }
      // After a rest nobody waits; who was served in this tick waits for the next, in which all read together.
      await bell.pause((tick + 1) * TICK_MS - performance.now());
      tick = Math.floor(performance.now() / TICK_MS);
      for (const [runId, since] of Array.from(changed)) {
        if (bell.closed) return;
        // Deleted before the look: a notice that comes during it marks the run again.
        changed.delete(runId);
        const position = positions.get(runId)!;
        const bite = await this.#read(runs.get(runId)!, position, shape);
        if (!bite) await bell.pause(RETRY_MS);
        if (!bite || bite.isStale || bite.upTo < bite.newest) changed.set(runId, since);
        if (!bite || bite.upTo <= position) continue;
        positions.set(runId, bite.upTo);
        const { series, supersededAfter } = bite;
        if (series.length === 0 && supersededAfter === null) continue;
        const replayed = position < start.get(runId)!;
        const behindSince = since > 0 && Date.now() - since > BEHIND_MS ? new Date(since) : null;
        const update = { runId, cursor: encodeCursor(positions), series, replayed, supersededAfter, behindSince };
        yield behindSince ? update : alike(update);
      }
    }
  }

  /** The next bite of a run; null while the database is away. */
  async #read(run: RunToRead, position: number, shape: Shape): Promise<(Bite & { isStale: boolean }) | null> {
    const followed = this.#followed.get(run.id)?.run ?? new FollowedRun(this.pool, run, this.#looks);
    try {
      return await followed.next(position, run.upTo, shape);
    } catch (error) {
      if (isDatabaseAway(error)) return null;
      throw error;
    }
  }

  #listen(run: RunToRead, follower: Follower): () => void {
    const entry = this.#followed.get(run.id) ?? {
      run: new FollowedRun(this.pool, run, this.#looks),
      distKey: run.distKey,
      followers: new Set(),
    };
    this.#followed.set(run.id, entry);
    entry.followers.add(follower);
    const stopListening = this.events.onMetricsStored(run.id, () => mark(entry, follower, run.id));
    return () => {
      stopListening();
      entry.followers.delete(follower);
      if (entry.followers.size === 0 && this.#followed.get(run.id) === entry) this.#followed.delete(run.id);
    };
  }

  async #newest(runs: { id: string; distKey: number; upTo?: number | null }[]): Promise<Positions> {
    const { rows } = await this.pool.query<{ run_id: string; arrivals: number }>({
      name: "metric-newest",
      text: `SELECT run_id, arrivals FROM metric_stream
             WHERE (dist_key, run_id) IN (SELECT * FROM unnest($1::bigint[], $2::text[]))`,
      values: [runs.map((run) => run.distKey), runs.map((run) => run.id)],
    });
    const stored = new Map(rows.map((row) => [row.run_id, row.arrivals]));
    return new Map(
      runs.map((run) => [run.id, Math.min(stored.get(run.id) ?? 0, run.upTo ?? Number.POSITIVE_INFINITY)]),
    );
  }

  #sweepAfter(ms: number): void {
    if (this.#closed) return;
    this.#sweep = setTimeout(async () => {
      let foundAny = false;
      try {
        foundAny = await this.#findUntold();
      } catch (error) {
        if (!isDatabaseAway(error)) this.log(`Looking for untold metrics failed: ${(error as Error).message}`);
      }
      const longest = (this.shortestSweepMs * sweepMs.longest) / sweepMs.shortest;
      this.#sweepAfter(foundAny ? this.shortestSweepMs : Math.min(2 * ms, longest));
    }, ms).unref();
  }

  /** Marks whoever is behind of what is stored; one statement for all followed runs. Resolves to whether there was one that nobody had told. */
  async #findUntold(): Promise<boolean> {
    const runs = [...this.#followed].map(([id, { distKey }]) => ({ id, distKey }));
    if (runs.length === 0) return false;
    let foundAny = false;
    for (const [runId, newest] of await this.#newest(runs)) {
      const entry = this.#followed.get(runId);
      for (const follower of entry?.followers ?? []) {
        if ((follower.positions.get(runId) ?? newest) >= newest || follower.changed.has(runId)) continue;
        mark(entry!, follower, runId);
        foundAny = true;
      }
    }
    return foundAny;
  }
}

function mark(entry: Followed, follower: Follower, runId: string): void {
  entry.run.noticed();
  if (!follower.changed.has(runId)) follower.changed.set(runId, Date.now());
  follower.bell.ring();
}

/** Updates with the same series (shared by FollowedRun), by what else is in them. */
const known = new WeakMap<FeedSeries[], Map<string, FeedUpdate>>();

/** The same object for all who are told the same, so that it is executed and encoded once. */
function alike(update: FeedUpdate): FeedUpdate {
  const updates = known.get(update.series) ?? new Map<string, FeedUpdate>();
  if (updates.size === 0)
    for (const { steps, times, values, min, max } of update.series)
      for (const column of [steps, times, values, min, max]) if (column) encodeOnce(column);
  known.set(update.series, updates);
  const id = `${update.cursor} ${update.replayed}`;
  const first = updates.get(id) ?? shareResult(update);
  updates.set(id, first);
  return first;
}
