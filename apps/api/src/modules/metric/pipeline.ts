import type { ClientBase, Pool } from "pg";

/**
 * Runs a transaction on a connection of the pool whose statements are on their way together (openDatabase makes a pipelining pool). `work`
 * sends BEGIN and COMMIT itself; where it throws the transaction is rolled back.
 */
export async function inPipeline<T>(pool: Pool, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    // Where even the rollback fails, the connection is of no use to the next.
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

type Results<T extends readonly Promise<unknown>[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * The results of statements that were sent together. After a failure those that follow fail too ("current transaction is aborted"), and a
 * COMMIT among them rolls back: this throws the first failure, once all have been answered.
 */
export async function together<const T extends readonly Promise<unknown>[]>(statements: T): Promise<Results<T>> {
  const settled = await Promise.allSettled(statements);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Results<T>;
}
