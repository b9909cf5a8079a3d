import { AppError } from "../../errors.js";

/** Lets a few pieces of work run at a time and a bounded number wait, first come, first served. */
export class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** Throws RATE_LIMITED where too many wait already. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.mostWaiting)
        throw new AppError(
          "RATE_LIMITED",
          `${this.mostWaiting} pictures wait to be made. Ask again in a few seconds.`,
          {
            limit: this.mostWaiting,
          },
        );
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      // Who waits takes over this turn, so that nobody who comes now can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
