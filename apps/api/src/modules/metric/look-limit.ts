/** Lets so many pieces of work run at once; the others wait in the order in which they came. */
export class LookLimit {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await work();
    } finally {
      // Hands its place on, if somebody waits for it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
