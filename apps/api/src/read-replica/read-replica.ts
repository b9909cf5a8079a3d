import pg from "pg";
import type { DataSource } from "typeorm";
import { dataSource, sessionOptions } from "../database.js";

/** What reads go through. */
export type Reads = { readonly db: DataSource; readonly pool: pg.Pool };

/** How long an answer of the replica about itself is believed: a replica that went away costs its readers that long. */
const believedMilliseconds = 250;

/**
 * A streaming replica that takes the reads of whoever need not see more than it has. Who has written, or was told of something by the
 * primary, reads from the primary until the replica has replayed the log up to there (its LSN).
 */
export class ReadReplica {
  /** By principal: the position in the log that the replica must have replayed; null where it was not asked for yet. */
  readonly #mustSee = new Map<string, string | null>();
  #isThere = true;
  #checked = Number.NEGATIVE_INFINITY;
  #checking: Promise<boolean> | null = null;

  constructor(
    private readonly primary: pg.Pool,
    private readonly reads: Reads,
    private readonly log: (line: string) => void,
  ) {}

  /** From now on the principal sees at least what is committed now. To be called after a commit, and before it is answered. */
  mustSeeNow(principal: string): void {
    this.#mustSee.set(principal, null);
  }

  /** The replica where it is there and has what the principal must see; else null. */
  async readsFor(principal: string): Promise<Reads | null> {
    if (!(await this.#check())) return null;
    const known = this.#mustSee.get(principal);
    if (known === undefined) return this.reads;
    const position = known ?? (await this.#positionOfPrimary());
    // Written meanwhile: then that position is too early.
    if (known === null && this.#mustSee.get(principal) === null) this.#mustSee.set(principal, position);
    if (!(await this.#hasReplayed(position))) return null;
    if (this.#mustSee.get(principal) === position) this.#mustSee.delete(principal);
    return this.#mustSee.has(principal) ? null : this.reads;
  }

  async close(): Promise<void> {
    await this.reads.pool.end();
    if (this.reads.db.isInitialized) await this.reads.db.destroy();
  }

  async #positionOfPrimary(): Promise<string> {
    const { rows } = await this.primary.query<{ position: string }>("SELECT pg_current_wal_lsn()::text AS position");
    return rows[0]!.position;
  }

  async #hasReplayed(position: string): Promise<boolean> {
    try {
      const { rows } = await this.reads.pool.query<{ has: boolean | null }>(
        "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS has",
        [position],
      );
      return rows[0]!.has === true;
    } catch {
      return false;
    }
  }

  /** Whether it answers and is a replica; says so once when that changes. */
  async #check(): Promise<boolean> {
    if (performance.now() - this.#checked < believedMilliseconds) return this.#isThere;
    this.#checking ??= this.#ask().finally(() => {
      this.#checked = performance.now();
      this.#checking = null;
    });
    return this.#checking;
  }

  async #ask(): Promise<boolean> {
    const problem = await this.#problem();
    const isThere = problem === null;
    if (isThere !== this.#isThere)
      this.log(
        isThere
          ? "The read replica is back: it takes the reads again."
          : `The read replica cannot be used (${problem}). All reads go to the primary until it can; check DATABASE_READ_URL.`,
      );
    this.#isThere = isThere;
    return isThere;
  }

  async #problem(): Promise<string | null> {
    try {
      const { rows } = await this.reads.pool.query<{ replica: boolean }>("SELECT pg_is_in_recovery() AS replica");
      if (!rows[0]!.replica) return "it is no replica of another server";
      if (!this.reads.db.isInitialized) await this.reads.db.initialize();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** The replica at `url`; it need not be there yet. */
export function openReadReplica(primary: pg.Pool, url: string, log: (line: string) => void): ReadReplica {
  const pool = new pg.Pool({ connectionString: url, max: 16, connectionTimeoutMillis: 2_000, ...sessionOptions });
  // Its end is found by the next check; unheard, it would end this process.
  pool.on("error", () => {});
  return new ReadReplica(primary, { db: dataSource(url, () => {}), pool }, log);
}
