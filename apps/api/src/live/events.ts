export type RunChange = "CREATED" | "STATUS" | "PROGRESS" | "EVALUATION" | "NOTICE" | "UPDATED" | "TRASHED";

/** What a subscriber needs to know of a run before it reads it. */
export interface RunRef {
  id: string;
  projectId: string;
  experimentId: string;
}

/**
 * Notices of what was committed, told after the commit. A notice carries no data: whoever is interested reads what it has not seen, so that
 * a lost notice delays and never loses (metric-feed.ts sweeps), and a slow reader costs one entry, not a queue.
 */
export interface Events {
  runChanged(run: RunRef, change: RunChange): void;
  metricsStored(runId: string): void;
  gapChanged(run: RunRef): void;
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

  get size(): number {
    let size = 0;
    for (const listeners of this.#listeners.values()) size += listeners.size;
    return size;
  }
}

/** The notices of one API process. Listeners are called at once and must only remember. */
export class LiveEvents implements Events {
  readonly #runs = new Topic<{ run: RunRef; change: RunChange }>();
  readonly #metrics = new Topic<string>();
  readonly #gaps = new Topic<RunRef>();

  runChanged(run: RunRef, change: RunChange): void {
    this.#runs.tell(run.projectId, { run, change });
  }

  metricsStored(runId: string): void {
    this.#metrics.tell(runId, runId);
  }

  gapChanged(run: RunRef): void {
    this.#gaps.tell(run.projectId, run);
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

  /** Listeners of all topics; 0 again once every subscription has ended. */
  get listenerCount(): number {
    return this.#runs.size + this.#metrics.size + this.#gaps.size;
  }
}
