import { AppError } from "./errors.js";

const attempts = 10;
const msPerAttempt = 6_000;
/** Beyond so many names those whose attempts have grown back are forgotten. */
const maxNames = 10_000;

/** Attempts that have not grown back yet (a fraction, too), as of a moment. */
type Spent = { count: number; at: number };

/**
 * How often a secret may be guessed under one name (of an address, or an account): 10 times, and once more every 6 seconds (a token bucket). Only
 * wrong answers count, and an outage is none.
 */
export class AttemptLimit {
  readonly #spent = new Map<string, Spent>();

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * For what people make up, as passwords. `look` throws an AppError for a wrong guess. Throws RATE_LIMITED (extensions.retryAfterSeconds) without
   * a look when no attempt is left. Attempts are taken before the look, so that guessing in parallel wins nothing.
   */
  async guess<T>(name: string, look: () => Promise<T>): Promise<T> {
    const spent = this.#take(name);
    try {
      const found = await look();
      spent.count = Math.max(0, spent.count - 1);
      return found;
    } catch (error) {
      if (!(error instanceof AppError)) spent.count = Math.max(0, spent.count - 1);
      throw error;
    }
  }

  /**
   * For secrets of 256 random bits, which nobody guesses: whoever brings the right one gets in, however many wrong ones came from the same address
   * (behind a proxy that is everybody's). The wrong ones are told to wait, with RATE_LIMITED in place of their error.
   * `isWrong`: which errors of `look` say so.
   */
  async present<T>(
    name: string,
    look: () => Promise<T>,
    isWrong: (error: unknown) => boolean = (error) => error instanceof AppError,
  ): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (isWrong(error)) this.#take(name);
      throw error;
    }
  }

  #take(name: string): Spent {
    const spent = this.#decayed(name);
    if (spent.count + 1 > attempts) {
      const retryAfterSeconds = Math.ceil(((spent.count + 1 - attempts) * msPerAttempt) / 1_000);
      throw new AppError(
        "RATE_LIMITED",
        `Too many wrong attempts were made here. Try again in ${retryAfterSeconds} seconds.`,
        { retryAfterSeconds, http: { status: 429 } },
      );
    }
    spent.count += 1;
    if (this.#spent.size >= maxNames) this.#forgetIdle();
    this.#spent.set(name, spent);
    return spent;
  }

  #decayed(name: string): Spent {
    const now = this.now();
    const spent = this.#spent.get(name) ?? { count: 0, at: now };
    spent.count = Math.max(0, spent.count - Math.max(0, now - spent.at) / msPerAttempt);
    spent.at = now;
    return spent;
  }

  #forgetIdle(): void {
    for (const name of [...this.#spent.keys()]) {
      if (this.#decayed(name).count === 0) this.#spent.delete(name);
    }
  }
}
