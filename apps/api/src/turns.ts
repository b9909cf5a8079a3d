interface WaitingRoom {
  /** So many wait at the most. */
  readonly seats: number;
  /** What is thrown at whoever finds none. */
  readonly full: () => Error;
}

/** Lets a few pieces of work run at a time; the others wait, first come, first served, as many as there are seats. */
export class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param room without limit unless said */
  constructor(
    private readonly atOnce: number,
    private readonly room?: WaitingRoom,
  ) {}

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) {
      if (this.room && this.#waiting.length >= this.room.seats) throw this.room.full();
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
