import type { Pool } from "pg";
import { isDatabaseAway } from "../../errors.js";
import { Bell, endable } from "../../live/bell.js";
import type { LiveEvents } from "../../live/events.js";
import { decodeCursor, encodeCursor, type Positions } from "./metric-cursor.js";
import type { Points } from "./points.js";
import type { RunToRead } from "./read-parts.js";
import { type Delta, readSince } from "./read-since.js";

/** New points of one run; `cursor` stands for everything that the subscriber has by then, of all its runs. */
export type FeedUpdate = {
  runId: string;
  cursor: string;
  series: { key: string; points: Points }[];
  /** True for what was stored before the subscription began. */
  replayed: boolean;
  supersededAfter: number | null;
};

export type FeedRequest = { runs: RunToRead[]; keys: string[] | null; after: string | null };

type Follower = { positions: Positions; changed: Set<string>; bell: Bell };

/** `reading`: looks under way by position, for others who stand there too. */
type Followed = { distKey: number; followers: Set<Follower>; reading: Map<string, Promise<Delta>> };

/** At most 25 updates a second of each run and subscriber: a screen shows no more, and a burst becomes few larger ones. After a rest none waits. */
const PACE_MS = 40;
const SWEEP_MS = 2_000;
const RETRY_MS = 500;

/**
 * Live metrics by cursor. A notice only marks a run as changed; the subscriber reads from the database what lies after its position, and
 * only when its socket has taken the update before. So a reader that stalls holds one position a run and no data, gets all it missed in
 * larger updates, and hinders nobody. A sweep finds what no notice told (another API process, a lost one).
 */
export class MetricFeed {
  readonly #followed = new Map<string, Followed>();
  readonly #sweep: NodeJS.Timeout;

  constructor(
    private readonly pool: Pool,
    private readonly events: LiveEvents,
    private readonly log: (line: string) => void,
    sweepMs = SWEEP_MS,
  ) {
    events.onMissed(() => this.#findUntold());
    this.#sweep = setInterval(() => void this.#sweepOnce(), sweepMs).unref();
  }

  /** Ends all subscriptions. */
  close(): void {
    clearInterval(this.#sweep);
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
  async follow({ runs, keys, after }: FeedRequest): Promise<AsyncIterableIterator<FeedUpdate>> {
    const ids = runs.map((run) => run.id);
    const known = after === null ? new Map<string, number>() : decodeCursor(after, ids);
    const bell = new Bell();
    const follower: Follower = { positions: new Map(), changed: new Set(), bell };
    // Listening comes before looking: what is stored in between is told, not missed.
    const stops = runs.map((run) => this.#listen(run, follower));
    const stop = () => {
      for (const end of stops) end();
    };
    try {
      const newest = await this.#newest(runs);
      for (const run of runs)
        follower.positions.set(run.id, Math.min(known.get(run.id) ?? newest.get(run.id)!, newest.get(run.id)!));
      for (const id of ids) if (follower.positions.get(id)! < newest.get(id)!) follower.changed.add(id);
      return endable(
        bell,
        this.#updates(new Map(runs.map((run) => [run.id, run])), keys && new Set(keys), follower, newest),
        stop,
      );
    } catch (error) {
      stop();
      throw error;
    }
  }

  async *#updates(
    runs: Map<string, RunToRead>,
    keys: Set<string> | null,
    { positions, changed, bell }: Follower,
    start: Positions,
  ): AsyncGenerator<FeedUpdate, void> {
    let roundAt = 0;
    while (!bell.closed) {
      if (changed.size === 0) {
        await bell.rung();
        continue;
      }
      const catchingUp = [...changed].some((runId) => positions.get(runId)! < start.get(runId)!);
      if (!catchingUp) await bell.pause(roundAt + PACE_MS - performance.now());
      roundAt = performance.now();
      for (const runId of [...changed]) {
        if (bell.closed) return;
        // Deleted before the look: a notice that comes during it marks the run again.
        changed.delete(runId);
        const position = positions.get(runId)!;
        const delta = await this.#read(runs.get(runId)!, position);
        if (!delta) await bell.pause(RETRY_MS);
        if (!delta || delta.upTo < delta.newest) changed.add(runId);
        if (!delta || delta.upTo <= position) continue;
        positions.set(runId, delta.upTo);
        const { supersededAfter } = delta;
        const wanted = [...delta.points].filter(([key]) => !keys || keys.has(key));
        const series = wanted.map(([key, points]) => ({ key, points }));
        if (series.length === 0 && supersededAfter === null) continue;
        const replayed = position < start.get(runId)!;
        yield { runId, cursor: encodeCursor(positions), series, replayed, supersededAfter };
      }
    }
  }

  /** The next bite of a run; null while the database is away. Subscribers at the same position share one look. */
  async #read(run: RunToRead, position: number): Promise<Delta | null> {
    const reading = this.#followed.get(run.id)?.reading ?? new Map<string, Promise<Delta>>();
    const id = `${position} ${run.upTo}`;
    const look = reading.get(id) ?? readSince(this.pool, run, position, run.upTo);
    reading.set(id, look);
    try {
      return await look;
    } catch (error) {
      if (isDatabaseAway(error)) return null;
      throw error;
    } finally {
      reading.delete(id);
    }
  }

  #listen(run: RunToRead, follower: Follower): () => void {
    const entry = this.#followed.get(run.id) ?? { distKey: run.distKey, followers: new Set(), reading: new Map() };
    this.#followed.set(run.id, entry);
    entry.followers.add(follower);
    const stopListening = this.events.onMetricsStored(run.id, () => this.#mark(entry, follower, run.id));
    return () => {
      stopListening();
      entry.followers.delete(follower);
      if (entry.followers.size === 0 && this.#followed.get(run.id) === entry) this.#followed.delete(run.id);
    };
  }

  #mark(entry: Followed, follower: Follower, runId: string): void {
    // A look that began before this notice may not show what it tells of.
    entry.reading.clear();
    follower.changed.add(runId);
    follower.bell.ring();
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

  #markBehind(runId: string, newest: number): void {
    const entry = this.#followed.get(runId);
    for (const follower of entry?.followers ?? [])
      if ((follower.positions.get(runId) ?? newest) < newest) this.#mark(entry!, follower, runId);
  }

  async #findUntold(): Promise<void> {
    const followed = [...this.#followed].map(([id, { distKey }]) => ({ id, distKey }));
    if (followed.length === 0) return;
    for (const [id, newest] of await this.#newest(followed)) this.#markBehind(id, newest);
  }

  async #sweepOnce(): Promise<void> {
    try {
      await this.#findUntold();
    } catch (error) {
      if (!isDatabaseAway(error)) this.log(`Looking for untold metrics failed: ${(error as Error).message}`);
    }
  }
}
