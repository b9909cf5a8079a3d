import { setImmediate } from "node:timers/promises";

const SLICE_MS = 5;

/** Lets work on the event loop's thread be done in slices: requests and acknowledgements get their turn after each. */
export class TimeSlice {
  #startedAt = performance.now();

  /** Call it between two pieces of work that take a few milliseconds at most. */
  async pause(): Promise<void> {
    if (performance.now() - this.#startedAt < SLICE_MS) return;
    await setImmediate();
    this.#startedAt = performance.now();
  }
}
