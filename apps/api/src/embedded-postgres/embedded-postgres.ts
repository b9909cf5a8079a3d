import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { postgresBinaries } from "./binaries.js";
import { initCluster, postgresEnvironment } from "./init-cluster.js";
import { findPostmaster, type Postmaster, stopPostmaster } from "./postmaster.js";
import { chooseExecution, type Execution } from "./run-as.js";

export interface EmbeddedPostgresOptions {
  /** Residual's data folder. The cluster lies in `postgres/` below it, beside `postgres.log` and `postgres.password`. */
  dataDir: string;
  /** Receives one line for each step that a person may have to wait for. */
  log?: (line: string) => void;
  /** Server settings that differ from the defaults, e.g. `{ fsync: "off" }` for a throwaway cluster. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** Connection URL of the database `residual`, with the password. */
  url: string;
  pid: number;
  /** True when a Postgres that already ran on this folder was taken over. */
  adopted: boolean;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

const databaseName = "residual";

/**
 * Starts the Postgres that npm installed, or adopts the one that already runs on `dataDir`. It listens on a free
 * loopback port only, and outlives this process (Ctrl-C must reach the apps before their database).
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
    const postmaster = await untilReady(execution.clusterDir, running.pid, () => null);
    return connected(postmaster, password, true);
  }
  if (!existsSync(join(execution.clusterDir, "PG_VERSION"))) log("Creating the database (once)");
  await initCluster(execution, password);
  const postmaster = await launch(execution, join(dataDir, "postgres.log"), options.settings ?? {});
  return connected(postmaster, password, false);
}

async function launch(execution: Execution, logFile: string, settings: Record<string, string>): Promise<Postmaster> {
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", jit: "off", ...settings };
  const command = [
    ...execution.prefix,
    join(execution.native, "bin", "postgres"),
    ...["-D", execution.clusterDir, "-p", String(await freePort())],
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const logFd = openSync(logFile, "a", 0o600);
  const child = spawn(command[0]!, command.slice(1), {
    ...execution.identity,
    cwd: "/",
    env: postgresEnvironment(),
    detached: true,
    stdio: ["ignore", logFd, logFd],
  });
  closeSync(logFd);
  child.unref();
  let ended: string | null = null;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended ??= `exit ${code ?? signal}`));
  return untilReady(execution.clusterDir, child.pid ?? -1, () => ended && `${ended}\n${tail(logFile)}`);
}

/** Resolves when Postgres accepts connections: after a crash it first replays its log, which may take a while. */
async function untilReady(clusterDir: string, pid: number, failure: () => string | null): Promise<Postmaster> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const postmaster = findPostmaster(clusterDir);
    if (postmaster?.ready && postmaster.pid === pid) return postmaster;
    const reason = failure() ?? (performance.now() > deadline ? "it was not ready within 180 s" : null);
    if (reason) throw new Error(`The embedded Postgres did not start: ${reason}`);
    await delay(20);
  }
}

async function connected(postmaster: Postmaster, password: string, adopted: boolean): Promise<EmbeddedPostgres> {
  const address = `postgres://postgres:${password}@127.0.0.1:${postmaster.port}`;
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
  return {
    url: `${address}/${databaseName}`,
    pid: postmaster.pid,
    adopted,
    stop: () => stopPostmaster(postmaster.pid),
  };
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

function tail(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-12).join("\n").trim();
}
