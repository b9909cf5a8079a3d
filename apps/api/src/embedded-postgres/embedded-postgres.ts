import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import pg from "pg";
import { postgresBinaries } from "./binaries.js";
import { initCluster } from "./init-cluster.js";
import { findPostmaster, stopPostmaster, untilReady } from "./postmaster.js";
import { chooseExecution } from "./run-as.js";
import { Server } from "./server.js";

export interface EmbeddedPostgresOptions {
  /** Residual's data folder. The cluster lies in `postgres/` below it, beside `postgres.log` and `postgres.password`. */
  dataDir: string;
  /** Receives one line for each step that a person may have to wait for. */
  log?: (line: string) => void;
  /** Server settings that differ from the defaults, e.g. `{ fsync: "off" }` for a throwaway cluster. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `residual`, with the password. Stays the same when the server is started again. */
  url: string;
  /** Of the server process that runs now. */
  readonly pid: number;
  /** True when a Postgres that already ran on this folder was taken over. */
  adopted: boolean;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

const databaseName = "residual";

/**
 * Starts the Postgres that npm installed, or adopts the one that already runs on `dataDir`. It listens on a free
 * loopback port only, and outlives this process (Ctrl-C must reach the apps before their database). A server that was
 * started here and dies is started again on the same port, so that everybody's pools find it.
 * Throws with the end of the server's log when it does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  mkdirSync(dataDir, { recursive: true });
  const execution = chooseExecution(postgresBinaries(), join(dataDir, "postgres"), log);
  const password = clusterPassword(dataDir);

  const running = findPostmaster(execution.clusterDir);
  if (running) {
    const { pid, port } = await untilReady(execution.clusterDir, running.pid, () => null);
    return { url: await databaseUrl(port, password), pid, adopted: true, stop: () => stopPostmaster(pid) };
  }
  if (!existsSync(join(execution.clusterDir, "PG_VERSION"))) log("Creating the database (once)");
  await initCluster(execution, password);
  const server = new Server(execution, join(dataDir, "postgres.log"), await freePort(), options.settings ?? {}, log);
  await server.start();
  return {
    url: await databaseUrl(server.port, password),
    get pid() {
      return server.pid;
    },
    adopted: false,
    stop: () => server.stop(),
  };
}

/** The URL of our database, which is made where it is missing. */
async function databaseUrl(port: number, password: string): Promise<string> {
  const address = `postgres://postgres:${password}@127.0.0.1:${port}`;
  const client = new pg.Client({ connectionString: `${address}/postgres` });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } catch (error) {
    // duplicate_database / unique_violation: another process that starts at this moment made it.
    if (!["42P04", "23505"].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await client.end();
  }
  return `${address}/${databaseName}`;
}

/** The superuser's password, made once, readable by this user only. */
function clusterPassword(dataDir: string): string {
  const file = join(dataDir, "postgres.password");
  try {
    writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

async function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolvePort(port));
      });
  });
}
