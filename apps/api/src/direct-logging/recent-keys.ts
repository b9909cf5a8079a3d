import { hash } from "node:crypto";
import type { Authentication } from "../authenticate.js";

/** How long a key is not asked for again: what the end of an access could be late by where its notice is lost. */
const KEPT_MS = 1_000;
const MOST_KEYS = 10_000;

type Known = { authentication: Authentication; until: number };

/**
 * API keys that were looked up within the last second, so that a script which logs a thousand times a second asks the database once for who it
 * is. `forget` is called for every credential that ends anywhere (over the event bus for other processes), and whenever a notice of one may have
 * been lost: what was being looked up then is not kept either.
 */
export class RecentKeys {
  readonly #known = new Map<string, Known>();
  #age = 0;

  /** Who sends this Authorization header; `lookUp` says so where it is not known, and throws for a key that opens nothing. */
  async find(authorization: string, lookUp: () => Promise<Authentication>): Promise<Authentication> {
    const name = hash("sha256", authorization, "base64");
    const known = this.#known.get(name);
    const now = Date.now();
    if (known && now < known.until) return known.authentication;
    this.#known.delete(name);
    const age = this.#age;
    const authentication = await lookUp();
    const { viewer } = authentication;
    if (viewer?.kind !== "API_KEY" || age !== this.#age) return authentication;
    if (this.#known.size >= MOST_KEYS) this.#known.clear();
    this.#known.set(name, {
      authentication,
      until: Math.min(Date.now() + KEPT_MS, viewer.expiresAt?.getTime() ?? Infinity),
    });
    return authentication;
  }

  forget(): void {
    this.#age++;
    this.#known.clear();
  }
}
