/** Wakes one waiting reader. Ringing it twice before the reader looks is ringing it once: there is no queue to grow. */
export class Bell {
  #rung = false;
  #closed = false;
  #wake: (() => void) | null = null;

  get closed(): boolean {
    return this.#closed;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Resolves when the bell was rung since the last wait, or is closed. */
  async rung(): Promise<void> {
    if (!this.#rung && !this.#closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = null;
    this.#rung = false;
  }

  /** Resolves after `ms`, or at once when the bell is closed; ringing does not shorten it. */
  async pause(ms: number): Promise<void> {
    if (this.#closed || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!this.#closed) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

/**
 * The iterator of a subscription: `source` reads until the bell is closed. A generator alone cannot be ended while it waits (its return()
 * queues behind the pending next()), so that each subscriber that left would stay until the next event; here return() wakes it first.
 */
export function endable<T>(bell: Bell, source: AsyncGenerator<T, void>, onEnd: () => void): AsyncIterableIterator<T> {
  const end = () => {
    bell.close();
    onEnd();
  };
  return {
    next: async () => {
      try {
        const result = await source.next();
        if (result.done) onEnd();
        return result as IteratorResult<T>;
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    return: async () => {
      end();
      return (await source.return()) as IteratorResult<T>;
    },
    throw: async (error) => {
      end();
      return (await source.throw(error)) as IteratorResult<T>;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
