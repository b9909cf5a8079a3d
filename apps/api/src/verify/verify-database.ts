import type pg from "pg";
import type { Damage } from "./damage.js";
import { verifyOrphans } from "./verify-orphans.js";
import { verifyRun } from "./verify-run.js";

export type Verification = { readonly runs: number; readonly points: number; readonly damages: readonly Damage[] };

/** More is not listed one by one: then the whole database wants a restore. */
const maxDamages = 10_000;

/**
 * Walks all metrics of the database and tells what is damaged. Each run is read in a snapshot of its own, so that the API may go on
 * working; in memory are the rows of one statement and 131,072 points. `progress` is called after each run.
 */
export async function verifyDatabase(
  pool: pg.Pool,
  progress: (runs: number, points: number) => void,
): Promise<Verification> {
  const damages: Damage[] = [];
  let runs = 0;
  let points = 0;
  let after: [distKey: number, id: string] = [0, ""];
  for (;;) {
    const { rows } = await pool.query<[number, string]>({
      text: `SELECT dist_key, id FROM run WHERE (dist_key, id) > ($1, $2) ORDER BY dist_key, id LIMIT 500`,
      rowMode: "array",
      values: after,
    });
    for (const [distKey, id] of rows) {
      points += await inSnapshot(pool, (client) => verifyRun(client, { id, distKey, upTo: null }, damages));
      progress(++runs, points);
      if (damages.length >= maxDamages) return { runs, points, damages };
    }
    if (rows.length < 500) break;
    after = rows.at(-1)!;
  }
  await inSnapshot(pool, (client) => verifyOrphans(client, damages));
  return { runs, points, damages };
}

async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    );
    return await work(client);
  } finally {
    await client.query("ROLLBACK").catch(() => {});
    client.release();
  }
}
