import { AppError } from "./errors.js";

const attempts = 10;
const msPerAttempt = 6_000;
/** Beyond so many addresses those whose attempts have grown back are forgotten. */
const maxAddresses = 10_000;

/** Attempts that have not grown back yet (a fraction, too), as of a moment. */
type Spent = { count: number; at: number };

/**
 * How often one address may guess a secret: 10 times, and once more every 6 seconds (a token bucket). A right answer gives its attempt back,
 * and so does an outage: only who guesses ever waits. Attempts are taken before the look, so that guessing in parallel wins nothing.
 */
export class AttemptLimit {
  readonly #spent = new Map<string, Spent>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Looks whether a guess is right, which throws an AppError when not. Throws RATE_LIMITED (extensions.retryAfterSeconds) without a look when no attempt is left. */
  async guess<T>(address: string, look: () => Promise<T>): Promise<T> {
    const spent = this.#take(address);
    try {
      const found = await look();
      spent.count = Math.max(0, spent.count - 1);
      return found;
    } catch (error) {
      if (!(error instanceof AppError)) spent.count = Math.max(0, spent.count - 1);
      throw error;
    }
  }

  #take(address: string): Spent {
    const spent = this.#decayed(address);
    if (spent.count + 1 > attempts) {
      const retryAfterSeconds = Math.ceil(((spent.count + 1 - attempts) * msPerAttempt) / 1_000);
      throw new AppError(
        "RATE_LIMITED",
        `Too many wrong links were tried from this address. Try again in ${retryAfterSeconds} seconds.`,
        { retryAfterSeconds, http: { status: 429 } },
      );
    }
    spent.count += 1;
    if (this.#spent.size >= maxAddresses) this.#forgetIdle();
    this.#spent.set(address, spent);
    return spent;
  }

  #decayed(address: string): Spent {
    const now = this.now();
    const spent = this.#spent.get(address) ?? { count: 0, at: now };
    spent.count = Math.max(0, spent.count - Math.max(0, now - spent.at) / msPerAttempt);
    spent.at = now;
    return spent;
  }

  #forgetIdle(): void {
    for (const address of [...this.#spent.keys()]) {
      if (this.#decayed(address).count === 0) this.#spent.delete(address);
    }
  }
}
