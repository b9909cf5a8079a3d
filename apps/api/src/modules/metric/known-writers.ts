import { writerKey } from "./judge-frames.js";
import type { IncomingFrame } from "./store-frames.js";

/** A writer is a training process; who has logged nothing for longest makes room. */
const MOST_WRITERS = 10_000;

/** The last seq of each writer whose frame this process stored last: a guess of what comes next, which the database confirms or does not. */
export class KnownWriters {
  readonly #lastSeqs = new Map<string, number>();

  /** Whether frames are, as far as is known here, each the next one of a writer that was heard of. */
  areNext(items: readonly IncomingFrame[]): boolean {
    const lastSeqs = new Map<string, number>();
    return items.every((item) => {
      const writer = writerKey(item);
      const last = lastSeqs.get(writer) ?? this.#lastSeqs.get(writer);
      lastSeqs.set(writer, item.seq);
      return last === item.seq - 1;
    });
  }

  /** Of frames that were committed, in the order of their arrivals. */
  learn(items: Iterable<IncomingFrame>): void {
    for (const item of items) {
      const writer = writerKey(item);
      this.#lastSeqs.delete(writer);
      this.#lastSeqs.set(writer, item.seq);
    }
    for (const writer of this.#lastSeqs.keys()) {
      if (this.#lastSeqs.size <= MOST_WRITERS) break;
      this.#lastSeqs.delete(writer);
    }
  }

  forget(items: Iterable<IncomingFrame>): void {
    for (const item of items) this.#lastSeqs.delete(writerKey(item));
  }
}
