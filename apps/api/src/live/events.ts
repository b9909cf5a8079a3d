import type { Bus, BusListener } from "./bus.js";
import type { Notice, RunChange, RunRef } from "./notice.js";

/**
 * Notices of what was committed, told after the commit. A notice carries no data: whoever is interested reads what it has not seen, so that
 * a lost notice delays and never loses, and a slow reader costs one entry, not a queue.
 */
export interface Events {
  runChanged(run: RunRef, change: RunChange): void;
  metricsStored(runId: string): void;
  gapChanged(run: RunRef): void;
  /** A project judges gaps by another threshold now. */
  gapRuleChanged(): void;
  /** A credential was revoked: what it opened is to be closed. */
  accessRevoked(principal: string): void;
}

type Listener<T> = (notice: T) => void;

/** Listeners by topic; a topic without listeners costs nothing. */
class Topic<T> {
  readonly #listeners = new Map<string, Set<Listener<T>>>();

  add(name: string, listener: Listener<T>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  tell(name: string, notice: T): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(notice);
  }

  get names(): string[] {
    return [...this.#listeners.keys()];
  }

  get size(): number {
    let size = 0;
    for (const listeners of this.#listeners.values()) size += listeners.size;
    return size;
  }
}

/**
 * Notices within this API process, and (once it has joined a bus) to and from the others. Listeners are called at once and must only
 * remember.
 */
export class LiveEvents implements Events, BusListener {
  readonly #runs = new Topic<{ run: RunRef; change: RunChange }>();
  readonly #metrics = new Topic<string>();
  readonly #gaps = new Topic<RunRef>();
  readonly #access = new Set<Listener<string>>();
  readonly #own = new Set<Listener<Notice>>();
  readonly #gapRules = new Set<() => void>();
  readonly #lookers: ((seconds: number) => Promise<void>)[] = [];
  #bus: Bus | null = null;

  /** From now on tells the other processes too. */
  join(bus: Bus): void {
    this.#bus = bus;
  }

  runChanged(run: RunRef, change: RunChange): void {
    // Whatever carries the notice may be a whole row; only this much goes on.
    const { id, projectId, experimentId } = run;
    this.#tell({ about: "run", run: { id, projectId, experimentId }, change });
  }

  metricsStored(runId: string): void {
    this.#tell({ about: "metrics", runId });
  }

  gapChanged({ id, projectId, experimentId }: RunRef): void {
    this.#tell({ about: "gap", run: { id, projectId, experimentId } });
  }

  gapRuleChanged(): void {
    for (const listener of this.#gapRules) listener();
  }

  accessRevoked(principal: string): void {
    this.#tell({ about: "access", principal });
  }

  onRunChanged(projectId: string, listener: Listener<{ run: RunRef; change: RunChange }>): () => void {
    return this.#runs.add(projectId, listener);
  }

  onMetricsStored(runId: string, listener: Listener<string>): () => void {
    return this.#metrics.add(runId, listener);
  }

  onGapChanged(projectId: string, listener: Listener<RunRef>): () => void {
    return this.#gaps.add(projectId, listener);
  }

  /** Notices of what this process itself has committed, whatever they are about: what one of several processes has to do is done by that one. */
  onOwn(listener: Listener<Notice>): () => void {
    this.#own.add(listener);
    return () => this.#own.delete(listener);
  }

  /** In this process only. */
  onGapRuleChanged(listener: () => void): () => void {
    this.#gapRules.add(listener);
    return () => this.#gapRules.delete(listener);
  }

  /** For as long as the process lives. */
  onAccessRevoked(listener: Listener<string>): void {
    this.#access.add(listener);
  }

  /** `look` is called when notices of the last `seconds` may be lost, for as long as the process lives; it rejects when it could not look. */
  onMissed(look: (seconds: number) => Promise<void>): void {
    this.#lookers.push(look);
  }

  heard(notice: Notice): void {
    if (notice.about === "metrics") this.#metrics.tell(notice.runId, notice.runId);
    if (notice.about === "run") this.#runs.tell(notice.run.projectId, { run: notice.run, change: notice.change });
    if (notice.about === "gap") this.#gaps.tell(notice.run.projectId, notice.run);
    if (notice.about === "access") for (const listener of this.#access) listener(notice.principal);
  }

  async missed(seconds: number): Promise<void> {
    await Promise.all(this.#lookers.map((look) => look(seconds)));
  }

  /** Projects whose runs or gaps somebody follows here. */
  get followedProjects(): string[] {
    return [...new Set([...this.#runs.names, ...this.#gaps.names])];
  }

  /** Listeners of all topics; 0 again once every subscription has ended. */
  get listenerCount(): number {
    return this.#runs.size + this.#metrics.size + this.#gaps.size;
  }

  #tell(notice: Notice): void {
    this.heard(notice);
    for (const listener of this.#own) listener(notice);
    this.#bus?.tell(notice);
  }
}
