import pg from "pg";
import { openDatabase } from "../database.js";
import { distribute } from "./distribute.js";

/** Tables have as many shards as needed to be on several nodes, and no more: each is a table to be made for every test file. */
const shards = 4;

/**
 * A cluster that is there for tests: addresses of its nodes with a user that may create databases, the coordinator first
 * (RESIDUAL_TEST_CITUS, separated by commas). Every statement is sent to all nodes, as each has its own catalogue.
 */
export class CitusCluster {
  constructor(readonly nodes: readonly string[]) {}

  async administer(statement: string): Promise<void> {
    for (const node of this.nodes) await run(node, [statement]);
  }

  /** Makes database `name` with the current schema, distributed, that nobody may connect to: it is there to be copied. */
  async makeTemplate(name: string): Promise<void> {
    const [coordinator, ...workers] = this.nodes.map((node) => at(node, name));
    await this.administer(`CREATE DATABASE ${name}`);
    for (const node of [...workers, coordinator!]) await run(node, ["CREATE EXTENSION citus"]);
    await run(coordinator!, [
      `SELECT citus_set_coordinator_host('${hostOf(coordinator!)}', ${portOf(coordinator!)})`,
      ...workers.map((worker) => `SELECT citus_add_node('${hostOf(worker)}', ${portOf(worker)})`),
      `ALTER DATABASE ${name} SET citus.shard_count = ${shards}`,
    ]);
    const database = await openDatabase(coordinator!, () => {});
    try {
      const { missing } = await distribute(database.pool, { dryRun: false });
      if (missing.length > 0)
        throw new Error(`The cluster of RESIDUAL_TEST_CITUS cannot be used: ${missing.join(" ")}`);
    } finally {
      await database.close();
    }
    // Citus keeps a connection of its own to every database that it knows.
    await this.administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await this.administer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  }
}

const hostOf = (node: string): string => new URL(node).hostname;
const portOf = (node: string): string => new URL(node).port || "5432";

function at(node: string, database: string): string {
  const url = new URL(node);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(node: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: node });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
