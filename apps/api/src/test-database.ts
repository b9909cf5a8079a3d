import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "./database.js";
import { CitusCluster } from "./distribution/citus-cluster.fixture.js";

export interface TestDatabase extends Database {
  url: string;
  /** Runs a statement on the server outside this database. */
  administer(statement: string): Promise<void>;
}

/** A migrated, empty database of its own on the test run's real Postgres; `close()` drops it. Import reflect-metadata first. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = inject("databaseServer");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${inject("templateDatabase")}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase(url.href, () => {});
  return {
    ...database,
    url: url.href,
    administer: (statement) => administer(server, statement),
    async close() {
      await database.close();
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const nodes = inject("citusNodes");
  if (nodes.length > 0) return new CitusCluster(nodes).administer(statement);
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement);
  await client.end();
}
