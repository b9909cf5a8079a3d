import type { Pool } from "pg";
import type { Turns } from "../../turns.js";
import { type FeedSeries, PointFold } from "./fold-points.js";
import { type Delta, readSince } from "./read-since.js";

/** At most 20 updates a second of a run for each subscriber: a screen shows no more, and a burst becomes few larger ones. */
export const TICK_MS = 50;

/** Bites of read-since.ts that one update folds together; a subscriber that is further behind gets several updates. */
const MAX_BITES = 8;

/** What a subscriber wants of an update; `id` is equal where keys and maxPoints are. */
export type Shape = { id: string; keys: ReadonlySet<string> | null; maxPoints: number | null };

/** What happened to a run's metrics after one position and up to another, in the shape that was asked for. */
export type Bite = { upTo: number; newest: number; series: FeedSeries[]; supersededAfter: number | null };

/** A look that found more than this is not kept for those who come a moment later. */
const KEPT_POINTS = 4_096;

/**
 * A run that is followed, by any number of subscribers: those that stand at the same position share what is read, thinned and encoded. All
 * that read within a tick read up to the same arrival, so that they stand together in the next one even where they began apart.
 */
export class FollowedRun {
  #notices = 0;
  /** Of the present tick: the notices before its first look, the arrival up to which all read, and the looks by what they look for. */
  #tick = { number: -1, notices: 0 };
  #target: Promise<number | null> | null = null;
  readonly #deltas = new Map<string, Promise<Delta>>();
  readonly #bites = new Map<string, Promise<Bite>>();
  #forget: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly run: { id: string; distKey: number },
    private readonly limit: Turns,
  ) {}

  /** Something was told of the run: a look that began before may not show it. */
  noticed(): void {
    this.#notices++;
  }

  /** The next bite after `position` (at most up to arrival `upTo`), and whether there may be more that it does not know of. */
  async next(position: number, upTo: number | null, shape: Shape): Promise<Bite & { isStale: boolean }> {
    this.#turnTick();
    const { notices } = this.#tick;
    const bite = await share(this.#bites, `${position} ${upTo} ${shape.id}`, () =>
      this.limit.take(() => this.#bite(position, upTo, shape)),
    );
    return { ...bite, isStale: notices !== this.#notices };
  }

  async #bite(position: number, upTo: number | null, { keys, maxPoints }: Shape): Promise<Bite> {
    const fold = new PointFold(keys, maxPoints);
    let reached = position;
    let newest = position;
    let supersededAfter: number | null = null;
    for (let bites = 0; bites < (maxPoints === null ? 1 : MAX_BITES); bites++) {
      const delta = await this.#delta(reached, upTo);
      newest = delta.newest;
      // A takeover voids what came before it: it begins an update of its own.
      if (bites > 0 && delta.supersededAfter !== null) break;
      supersededAfter ??= delta.supersededAfter;
      if (delta.upTo <= reached) break;
      fold.add(delta.points);
      reached = delta.upTo;
      if (reached >= newest) break;
    }
    return { upTo: reached, newest, series: fold.result(), supersededAfter };
  }

  async #delta(position: number, upTo: number | null): Promise<Delta> {
    const target = await this.#target;
    const last = target !== null && target > position ? Math.min(target, upTo ?? target) : upTo;
    const id = `${position} ${last}`;
    const look = share(this.#deltas, id, () => readSince(this.pool, this.run, position, last));
    if (upTo === null)
      this.#target ??= look.then(
        ({ newest }) => newest,
        () => null,
      );
    const delta = await look;
    let points = 0;
    for (const { steps } of delta.points.values()) points += steps.length;
    if (points > KEPT_POINTS) this.#deltas.delete(id);
    return delta;
  }

  #turnTick(): void {
    const number = Math.floor(performance.now() / TICK_MS);
    if (number === this.#tick.number) return;
    this.#tick = { number, notices: this.#notices };
    this.#clear();
    clearTimeout(this.#forget);
    // A run that comes to rest keeps nothing of what was read last.
    this.#forget = setTimeout(() => this.#clear(), TICK_MS).unref();
  }

  #clear(): void {
    this.#target = null;
    this.#deltas.clear();
    this.#bites.clear();
  }
}

function share<T>(looks: Map<string, Promise<T>>, id: string, begin: () => Promise<T>): Promise<T> {
  const known = looks.get(id);
  if (known) return known;
  const look = begin();
  looks.set(id, look);
  // One that failed is nobody's any more.
  look.catch(() => looks.delete(id));
  return look;
}
