import { SeriesBuffer, type SeriesPart } from "./series-buffer";

/** What one live message brings for one run: points since its last message, and where a later lease generation took over. */
export interface MetricDelivery {
  run: string;
  cursor: string;
  series: SeriesPart[];
  replayed: boolean;
  supersededAfter: number | null;
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
  /** Delivers from `after` on until the returned function is called. */
  follow(runs: string[], keys: string[], after: string | null, deliver: (delivery: MetricDelivery) => void): () => void;
}

interface Demand {
  run: string;
  key: string;
  holders: number;
  buffer: SeriesBuffer;
  state: "loading" | "ready" | "failed";
  asked: boolean;
}

/** Points in one answer for all its series together; more than a screen can show. */
const historyBudget = 120_000;

/**
 * The series that are on screen. Charts hold runs × keys; what several charts hold is asked for once, in one request and one
 * subscription. History and live points may arrive in any order and overlap: a buffer keeps each step once.
 */
export class SeriesStore {
  /** When the last live point arrived (ms since the epoch), or null before the first. */
  lastDeliveryAt: number | null = null;
  private readonly demands = new Map<string, Demand>();
  private readonly listeners = new Set<() => void>();
  private readonly confirmed = new Set<string>();
  private followed: { runs: Set<string>; keys: Set<string>; stop: () => void } | null = null;
  private cursor: string | null = null;
  private flushing = false;
  private isBroken = false;

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

  /**
   * Follows anew from the last cursor: the connection broke, and the socket's own resubscription goes on from where the page began. With
   * no cursor yet nothing says what was missed, so history is read again.
   */
  resume(): void {
    this.isBroken = true;
    this.scheduleFlush();
  }

  private demand(run: string, key: string): Demand {
    const id = identify(run, key);
    let demand = this.demands.get(id);
    if (!demand) {
      demand = { run, key, holders: 0, buffer: new SeriesBuffer(), state: "loading", asked: false };
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
    this.follow();
    this.load([...this.demands.values()].filter((demand) => !demand.asked));
  }

  private follow(): void {
    const runs = new Set<string>();
    const keys = new Set<string>();
    for (const demand of this.demands.values()) {
      runs.add(demand.run);
      keys.add(demand.key);
    }
    if (this.isBroken && this.cursor === null) for (const demand of this.demands.values()) demand.asked = false;
    if (
      !this.isBroken &&
      this.followed &&
      isSubset(runs, this.followed.runs) &&
      isSubset(keys, this.followed.keys) &&
      runs.size > 0
    )
      return;
    this.isBroken = false;
    this.followed?.stop();
    this.followed = null;
    if (runs.size === 0) return;
    const stop = this.source.follow([...runs], [...keys], this.cursor, (delivery) => this.take(delivery));
    this.followed = { runs, keys, stop };
  }

  private load(demands: Demand[]): void {
    if (demands.length === 0) return;
    for (const demand of demands) demand.asked = true;
    const runs = [...new Set(demands.map((demand) => demand.run))];
    const keys = [...new Set(demands.map((demand) => demand.key))];
    const maxPoints = Math.round(Math.min(1000, Math.max(64, historyBudget / demands.length)));
    this.source.history({ runs, keys, maxPoints }).then(
      (parts) => {
        for (const part of parts)
          this.demands.get(identify(part.run, part.key))?.buffer.replace(part.columns, part.count);
        for (const demand of demands) demand.state = "ready";
        this.notify();
      },
      () => {
        for (const demand of demands) demand.state = "failed";
        this.notify();
      },
    );
  }

  private take(delivery: MetricDelivery): void {
    this.cursor = delivery.cursor;
    this.lastDeliveryAt = Date.now();
    for (const demand of this.demands.values()) {
      if (demand.run === delivery.run && delivery.supersededAfter !== null)
        demand.buffer.dropAfter(delivery.supersededAfter);
    }
    for (const part of delivery.series) {
      this.demands.get(identify(part.run, part.key))?.buffer.append(part.columns);
    }
    this.confirmRun(delivery);
    this.notify();
  }

  /**
   * Points stored between the answer of the first history and the start of the subscription are in neither. The first live
   * message of a run proves that its subscription runs, so history is read once more then; a replay has no such hole.
   */
  private confirmRun(delivery: MetricDelivery): void {
    if (this.confirmed.has(delivery.run)) return;
    this.confirmed.add(delivery.run);
    if (delivery.replayed) return;
    this.load([...this.demands.values()].filter((demand) => demand.run === delivery.run));
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

function identify(run: string, key: string): string {
  return `${run}\n${key}`;
}

function isSubset(part: Set<string>, whole: Set<string>): boolean {
  for (const item of part) if (!whole.has(item)) return false;
  return true;
}
