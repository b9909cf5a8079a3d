import { SeriesBuffer, type SeriesPart } from "./series-buffer";

/** What one live message brings for one run: points since its last message, and where a later lease generation took over. */
export interface MetricDelivery {
  run: string;
  cursor: string;
  series: SeriesPart[];
  replayed: boolean;
  supersededAfter: number | null;
}

/** `maxPoints`: rows of one series in one delivery; more points come folded, marked as not exact. */
export interface FollowRequest {
  runs: string[];
  keys: string[];
  after: string;
  maxPoints: number;
}

export interface HistoryRequest {
  runs: string[];
  keys: string[];
  from?: number;
  to?: number;
  maxPoints: number;
}

/** Where series come from: the API in the browser, a list in a test. */
export interface MetricSource {
  history(request: HistoryRequest): Promise<SeriesPart[]>;
  /** Where the runs stand now; those that the cursor `after` knows keep the position that it has of them. */
  standing(runs: string[], after: string | null): Promise<string>;
  /** Delivers from `after` on until the returned function is called. */
  follow(request: FollowRequest, deliver: (delivery: MetricDelivery) => void): () => void;
}

interface Demand {
  run: string;
  key: string;
  holders: number;
  buffer: SeriesBuffer;
  state: "loading" | "ready" | "failed";
  asked: boolean;
  /** Folded rows came live: what is drawn is right, but coarser than what the history knows. */
  isFolded: boolean;
}

/** Rows in one answer for all its series together: a thousand then have 64 each, which the API keeps ready and which cost it half as much as 120. */
const historyBudget = 64_000;
/** A burst is over when no folded rows came for so long; then the charts get the finest rows there are. */
const restMs = 1_500;

/**
 * The series that are on screen. Charts hold runs × keys; what several charts hold is asked for once, in one request and one
 * subscription. The subscription goes on from a cursor that was asked for before the history: history and live points may arrive in any
 * order and overlap (a buffer keeps each step once), and no point lies between them.
 */
export class SeriesStore {
  /** When the last live point arrived (ms since the epoch), or null before the first. */
  lastDeliveryAt: number | null = null;
  private readonly demands = new Map<string, Demand>();
  private readonly listeners = new Set<() => void>();
  private followed: { runs: Set<string>; keys: Set<string>; stop: () => void } | null = null;
  private cursor: string | null = null;
  private flushing = false;
  private isBroken = false;
  /** Counts the starts of a subscription; one that was overtaken by a later start is dropped. */
  private turn = 0;
  private restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly source: MetricSource) {}

  /** Asks for every combination of `runs` and `keys` until the returned function is called. */
  hold(runs: string[], keys: string[]): () => void {
    const held = runs.flatMap((run) => keys.map((key) => this.demand(run, key)));
    for (const demand of held) demand.holders++;
    this.scheduleFlush();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      for (const demand of held) demand.holders--;
      this.scheduleFlush();
    };
  }

  buffer(run: string, key: string): SeriesBuffer | null {
    return this.demands.get(identify(run, key))?.buffer ?? null;
  }

  state(run: string, key: string): Demand["state"] {
    return this.demands.get(identify(run, key))?.state ?? "loading";
  }

  /** Exact points of a range, or as many as `maxPoints` rows can show of it. Not kept by the store. */
  range(request: HistoryRequest): Promise<SeriesPart[]> {
    return this.source.history(request);
  }

  /** Calls `listener` after every change of any series. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks again for everything whose history could not be read. */
  retry(): void {
    for (const demand of this.demands.values()) {
      if (demand.state !== "failed") continue;
      demand.state = "loading";
      demand.asked = false;
    }
    this.scheduleFlush();
  }

  /** Follows anew from the last cursor: the connection broke, and the socket's own resubscription goes on from where the page began. */
  resume(): void {
    this.isBroken = true;
    this.scheduleFlush();
  }

  private demand(run: string, key: string): Demand {
    const id = identify(run, key);
    let demand = this.demands.get(id);
    if (!demand) {
      demand = { run, key, holders: 0, buffer: new SeriesBuffer(), state: "loading", asked: false, isFolded: false };
      this.demands.set(id, demand);
    }
    return demand;
  }

  /** Charts mount one after the other in one task; all of them are served by one request after it. */
  private scheduleFlush(): void {
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    for (const [id, demand] of this.demands) if (demand.holders <= 0) this.demands.delete(id);
    const runs = new Set<string>();
    const keys = new Set<string>();
    for (const demand of this.demands.values()) {
      runs.add(demand.run);
      keys.add(demand.key);
    }
    if (runs.size === 0) this.unfollow();
    else if (
      this.isBroken ||
      !this.followed ||
      !isSubset(runs, this.followed.runs) ||
      !isSubset(keys, this.followed.keys)
    )
      void this.follow(runs, keys);
    else this.load();
  }

  private unfollow(): void {
    clearTimeout(this.restTimer);
    this.turn++;
    this.followed?.stop();
    this.followed = null;
    this.cursor = null;
  }

  /** The former subscription delivers until the new one stands, which begins where the former one was: no hole, at most an overlap. */
  private async follow(runs: Set<string>, keys: Set<string>): Promise<void> {
    const turn = ++this.turn;
    let cursor: string;
    try {
      cursor = await this.source.standing([...runs], this.cursor);
    } catch {
      if (turn === this.turn) this.fail(this.unasked());
      return;
    }
    if (turn !== this.turn) return;
    this.isBroken = false;
    this.cursor = cursor;
    const stopFormer = this.followed?.stop;
    const request = { runs: [...runs], keys: [...keys], after: cursor, maxPoints: rowsEach(runs.size * keys.size) };
    const stop = this.source.follow(request, (delivery) => this.take(delivery));
    this.followed = { runs, keys, stop };
    stopFormer?.();
    this.load();
  }

  private unasked(): Demand[] {
    return [...this.demands.values()].filter((demand) => !demand.asked);
  }

  private fail(demands: Demand[]): void {
    for (const demand of demands) {
      demand.asked = true;
      demand.state = "failed";
    }
    this.notify();
  }

  private load(): void {
    const demands = this.unasked();
    if (demands.length === 0) return;
    for (const demand of demands) demand.asked = true;
    this.read(demands).catch(() => this.fail(demands));
  }

  /** Reads the history of these series anew; what came live beyond it stays. */
  private async read(demands: Demand[]): Promise<void> {
    const runs = [...new Set(demands.map((demand) => demand.run))];
    const keys = [...new Set(demands.map((demand) => demand.key))];
    const parts = await this.source.history({ runs, keys, maxPoints: rowsEach(demands.length) });
    for (const part of parts) this.demands.get(identify(part.run, part.key))?.buffer.replace(part.columns, part.count);
    for (const demand of demands) demand.state = "ready";
    this.notify();
  }

  /** Until it succeeds the folded rows stay: they lack no spike. */
  private readFolded(): void {
    const folded = [...this.demands.values()].filter((demand) => demand.isFolded && demand.state === "ready");
    if (folded.length === 0) return;
    for (const demand of folded) demand.isFolded = false;
    this.read(folded).catch(() => {
      for (const demand of folded) demand.isFolded = true;
    });
  }

  private take(delivery: MetricDelivery): void {
    this.cursor = delivery.cursor;
    this.lastDeliveryAt = Date.now();
    for (const demand of this.demands.values()) {
      if (demand.run === delivery.run && delivery.supersededAfter !== null)
        demand.buffer.dropAfter(delivery.supersededAfter);
    }
    for (const part of delivery.series) {
      const demand = this.demands.get(identify(part.run, part.key));
      demand?.buffer.append(part.columns, Math.max(1, part.count / Math.max(1, part.columns.steps.length)));
      if (!demand || part.exact) continue;
      demand.isFolded = true;
      clearTimeout(this.restTimer);
      this.restTimer = setTimeout(() => this.readFolded(), restMs);
    }
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Rows for each of so many series, to a screen's width at most. */
function rowsEach(series: number): number {
  return Math.round(Math.min(1000, Math.max(64, historyBudget / series)));
}

function identify(run: string, key: string): string {
  return `${run}\n${key}`;
}

function isSubset(part: Set<string>, whole: Set<string>): boolean {
  for (const item of part) if (!whole.has(item)) return false;
  return true;
}
