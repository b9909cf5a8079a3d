/** The open sockets by credential, so that a revocation ends them at once and an expiry in time. */
export class Connections {
  readonly #open = new Map<string, Set<() => void>>();

  /** Registers a socket of a principal; returns the function that forgets it. `close` is called once at most by `revoke`. */
  add(principal: string, close: () => void): () => void {
    const sockets = this.#open.get(principal) ?? new Set();
    this.#open.set(principal, sockets.add(close));
    return () => {
      sockets.delete(close);
      if (sockets.size === 0) this.#open.delete(principal);
    };
  }

  /** Principals with open sockets. */
  get principals(): string[] {
    return [...this.#open.keys()];
  }

  /** Closes every socket of the principal (`session:<hash>`, `key:<id>`, `share:<link id>`). */
  revoke(principal: string): void {
    const sockets = this.#open.get(principal);
    this.#open.delete(principal);
    for (const close of sockets ?? []) close();
  }
}
