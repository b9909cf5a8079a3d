import "reflect-metadata";
import { join } from "node:path";
import { createApp } from "./app.js";
import { openDatabase } from "./database.js";
import { startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres.js";
import { readEnv } from "./env.js";
import { firstStart } from "./first-start.js";
import { createLog } from "./log.js";
import { installWorkerKey } from "./modules/account/api-key.js";
import { extendLeases } from "./modules/job/sweep-leases.js";
import { createSchema } from "./schema.js";
import { startServer } from "./server.js";
import { startSweeping } from "./sweeping.js";

const log = createLog();

/** What is open, in the order in which it was opened; closed in reverse. */
const open: (() => Promise<void> | void)[] = [];
let isStopping = false;

async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const part of open.reverse()) {
    try {
      await part();
    } catch (error) {
      log(`While stopping: ${(error as Error).message}`);
    }
  }
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(0));
// The one that started this process is gone: nobody would stop it.
process.on("disconnect", () => void stop(0));

async function start(): Promise<void> {
  const env = readEnv();
  const url = env.DATABASE_URL ?? (await embeddedDatabase(env.RESIDUAL_DATA));
  const database = await openDatabase(url, log);
  open.push(() => database.close());
  if (env.RESIDUAL_WORKER_KEY) await installWorkerKey(database.db, env.RESIDUAL_WORKER_KEY);
  await extendLeases(database.pool);

  const { app, close: closeApp } = await createApp(env, database, log);
  open.push(closeApp);
  await app.metrics.start();
  await app.gaps.start();
  await firstStart(database.pool, env.RESIDUAL_SEED_DATASET, log);
  const server = await startServer(app, createSchema(), log);
  open.push(() => server.close());
  open.push(startSweeping(app, log));
  log(`The API answers at http://127.0.0.1:${server.port}/graphql`);
}

async function embeddedDatabase(dataDir: string): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  // Also one that was adopted: it is left from an API that was killed. Two APIs on one folder need DATABASE_URL.
  open.push(() => postgres.stop());
  log(`Postgres keeps its data in ${join(dataDir, "postgres")}`);
  return postgres.url;
}

start().catch((error: unknown) => {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log(`The API cannot start: ${reason}`, { level: "error" });
  void stop(1);
});
