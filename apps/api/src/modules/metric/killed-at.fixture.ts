import type { Pool, PoolClient } from "pg";
import type { TestDatabase } from "../../test-database.js";

/** The pool, whose connection the server kills when it is about to run statement `fatal` of a transaction (0 is BEGIN). */
export function killedAt(database: TestDatabase, fatal: number): { pool: Pool; statements: () => number } {
  let statements = 0;
  const connect = async (): Promise<PoolClient> => {
    const client = await database.pool.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const query = async (...args: Parameters<PoolClient["query"]>) => {
      if (statements++ === fatal) {
        await database.administer(`SELECT pg_terminate_backend(${rows[0]!.pid}, 5000)`);
      }
      return (client.query as (...all: unknown[]) => Promise<unknown>)(...args);
    };
    return new Proxy(client, { get: (target, name) => (name === "query" ? query : bound(target, name)) });
  };
  return { pool: { connect } as unknown as Pool, statements: () => statements };
}

function bound(target: PoolClient, name: string | symbol): unknown {
  const found: unknown = Reflect.get(target, name);
  return typeof found === "function" ? found.bind(target) : found;
}
