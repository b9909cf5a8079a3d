import type pg from "pg";

/**
 * When the transaction began, by the clock of the database (to the millisecond). For statements that need it inside CASE or COALESCE, where a
 * sharded Postgres takes no function of time, as each shard would have its own.
 */
export async function transactionTime(client: pg.ClientBase): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>("SELECT now()");
  return rows[0]!.now;
}

/** Runs `work` in one transaction on a connection of the pool: committed when it resolves, rolled back when it throws. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only. One that is cut between two statements would else end this process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // Where even the rollback fails, the connection is of no use to the next.
    await client.query("ROLLBACK").catch(onError);
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}
