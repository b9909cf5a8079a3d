import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "reflect-metadata";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "./database.js";
import { CitusCluster } from "./distribution/citus-cluster.fixture.js";
import { judgeStatements, type SentStatement } from "./distribution/judge-statements.js";
import { startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres.js";
import { findPostmaster, isAlive, stopPostmaster } from "./embedded-postgres/postmaster.js";

declare module "vitest" {
  export interface ProvidedContext {
    databaseServer: string;
    /** The migrated database there that each test file copies. */
    templateDatabase: string;
    /** All nodes of a Citus cluster on which the tests are to run; empty where they run on a Postgres of their own. */
    citusNodes: string[];
    /** Folder for the statements that the API sends while the tests run. */
    statements: string;
  }
}

const prefix = "residual-test-";
const templateDatabase = "residual_template";

/**
 * vitest's globalSetup: one throwaway Postgres for the whole run, with a migrated database that each test file copies; or, where
 * RESIDUAL_TEST_CITUS names the nodes of a Citus cluster, a distributed database on that.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const statements = mkdtempSync(join(folder, "statements-"));
  project.provide("statements", statements);
  const nodes = process.env["RESIDUAL_TEST_CITUS"]?.split(",") ?? [];
  project.provide("citusNodes", nodes);
  if (nodes.length > 0) {
    // Another run may be on the same cluster.
    const template = `${templateDatabase}_${process.pid}`;
    const cluster = new CitusCluster(nodes);
    await cluster.makeTemplate(template);
    project.provide("databaseServer", nodes[0]!);
    project.provide("templateDatabase", template);
    return async () => {
      await cluster.administer(`DROP DATABASE ${template} WITH (FORCE)`);
      rmSync(folder, { recursive: true, force: true });
    };
  }
  // Nothing here has to survive a power cut.
  const settings = { fsync: "off", full_page_writes: "off", max_connections: "200" };
  const postgres = await startEmbeddedPostgres({ dataDir: folder, settings });
  const server = new URL(postgres.url);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase}`);
  await client.end();
  server.pathname = `/${templateDatabase}`;
  const template = await openDatabase(server.href, () => {});
  await template.close();
  project.provide("databaseServer", postgres.url);
  project.provide("templateDatabase", templateDatabase);
  return async () => {
    const faults = await judgeSent(server.href, statements);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    if (faults.length > 0)
      throw new Error(`A sharded Postgres would refuse what these tests made the API send:\n\n${faults.join("\n\n")}`);
  };
}

async function judgeSent(template: string, folder: string): Promise<string[]> {
  const sent = new Map<string, SentStatement>();
  for (const name of readdirSync(folder))
    for (const line of readFileSync(join(folder, name), "utf8").trim().split("\n")) {
      const statement = JSON.parse(line) as SentStatement;
      sent.set(statement.text, statement);
    }
  const client = new pg.Client({ connectionString: template });
  await client.connect();
  try {
    return await judgeStatements(client, sent.values());
  } finally {
    await client.end();
  }
}

/** Clusters of test runs that were killed: their folder carries the pid of the run. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split("-")[0]) : 0;
    if (!pid || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    const postmaster = findPostmaster(join(folder, "postgres"));
    if (postmaster) await stopPostmaster(postmaster.pid);
    rmSync(folder, { recursive: true, force: true });
  }
}
