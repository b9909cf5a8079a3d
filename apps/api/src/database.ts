import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { DataSource, DefaultNamingStrategy } from "typeorm";
import { isDatabaseAway } from "./errors.js";
import { ControlPlane1764000000000 } from "./migrations/1764000000000-control-plane.js";
import { Metric1764000000200 } from "./migrations/1764000000200-metric.js";
import { Evaluation1764000000300 } from "./migrations/1764000000300-evaluation.js";
import { ShareLink1764000000400 } from "./migrations/1764000000400-share-link.js";
import { TrainingEvidence1764000000500 } from "./migrations/1764000000500-training-evidence.js";
import { EvaluationAgain1764000000600 } from "./migrations/1764000000600-evaluation-again.js";
import { SummarisedArrivals1764000000700 } from "./migrations/1764000000700-summarised-arrivals.js";
import { Chunks1764000000800 } from "./migrations/1764000000800-chunks.js";
import { RunList1764000000900 } from "./migrations/1764000000900-run-list.js";
import { Advisor1764000001300 } from "./migrations/1764000001300-advisor.js";
import { GapRule1764000001400 } from "./migrations/1764000001400-gap-rule.js";
import { Sweep1764000001500 } from "./migrations/1764000001500-sweep.js";
import { WorkerRate1764000001600 } from "./migrations/1764000001600-worker-rate.js";
import { DatasetImages1764000002100 } from "./migrations/1764000002100-dataset-images.js";
import { People1764000002200 } from "./migrations/1764000002200-people.js";
import { Audit1764000002210 } from "./migrations/1764000002210-audit.js";
import { Identity1764000002300 } from "./migrations/1764000002300-identity.js";
import { StoreNextFrames1764000002500 } from "./migrations/1764000002500-store-next-frames.js";
import { ShareLinkPrivacy1764000002600 } from "./migrations/1764000002600-share-link-privacy.js";
import { Artifact1764000002700 } from "./migrations/1764000002700-artifact.js";
import { UploadLease1764000002710 } from "./migrations/1764000002710-upload-lease.js";
import { KeptGap1764000002800 } from "./migrations/1764000002800-kept-gap.js";
import { RunLease1764000002810 } from "./migrations/1764000002810-run-lease.js";
import { WritersNextSeq1764000002910 } from "./migrations/1764000002910-writers-next-seq.js";
import { TrashedExperiment1764000003000 } from "./migrations/1764000003000-trashed-experiment.js";
import { ApiKey } from "./modules/account/api-key.entity.js";
import { Dataset } from "./modules/dataset/dataset.entity.js";
import { Experiment } from "./modules/experiment/experiment.entity.js";
import { Checkpoint } from "./modules/job/checkpoint.entity.js";
import { Job } from "./modules/job/job.entity.js";
import { Project } from "./modules/project/project.entity.js";
import { Run } from "./modules/run/run.entity.js";
import { ShareLink } from "./modules/share-link/share-link.entity.js";
import { Worker } from "./modules/worker/worker.entity.js";

const entities = [ApiKey, Checkpoint, Dataset, Experiment, Job, Project, Run, ShareLink, Worker];
const migrations = [
  ControlPlane1764000000000,
  Metric1764000000200,
  Evaluation1764000000300,
  ShareLink1764000000400,
  TrainingEvidence1764000000500,
  EvaluationAgain1764000000600,
  SummarisedArrivals1764000000700,
  Chunks1764000000800,
  RunList1764000000900,
  Advisor1764000001300,
  GapRule1764000001400,
  Sweep1764000001500,
  WorkerRate1764000001600,
  DatasetImages1764000002100,
  People1764000002200,
  Audit1764000002210,
  Identity1764000002300,
  StoreNextFrames1764000002500,
  ShareLinkPrivacy1764000002600,
  Artifact1764000002700,
  UploadLease1764000002710,
  KeptGap1764000002800,
  RunLease1764000002810,
  WritersNextSeq1764000002910,
  TrashedExperiment1764000003000,
];

/** Oldest first, as the table of migrations names them. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name);

/** leaseGeneration is lease_generation in SQL, everywhere. */
class SnakeCase extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return given ?? snakeCase(className);
  }

  override columnName(property: string, given: string | undefined): string {
    return given ?? snakeCase(property);
  }
}

function snakeCase(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}

export interface Database {
  db: DataSource;
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Connects, migrates, and keeps both pools alive through restarts of the database. While it is away at the start, waits
 * and says so through `log`; any other failure throws.
 */
export async function openDatabase(url: string, log: (line: string) => void): Promise<Database> {
  // int8 as number: steps, bytes and keys are all below 2^53 (the scalars see to that).
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const db = dataSource(url, log);
  await patiently(() => (db.isInitialized ? Promise.resolve(db) : db.initialize()), log);
  await migrate(db);
  // Pipelining: statements of a transaction that do not wait for each other's results share a round trip (see pipeline.ts).
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 5_000,
    pipeline: true,
    ...sessionOptions,
  });
  // A restart of the database reaches idle connections as an error; unheard, it would end this process.
  pool.on("error", (error) => log(`The database closed a connection: ${error.message}`));
  return {
    db,
    pool,
    async close() {
      await pool.end();
      await db.destroy();
    },
  };
}

/** Brings an empty database to the state that it had after a migration, for what was stored in that state. */
export async function migrateTo(url: string, name: string, log: (line: string) => void): Promise<void> {
  const wanted = migrations.slice(0, migrationNames.indexOf(name) + 1);
  const db = await dataSource(url, log, wanted).initialize();
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

/** Of every connection. No request may hold one, or a lock, for long. */
export const sessionOptions = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  application_name: "residual-api",
  // While it is being handed out, and between two statements of a transaction, a pool does not listen to a connection. Its loss would
  // end this process if nobody heard of it; whoever uses the connection next is told by the statement that fails.
  onConnect: (client: pg.ClientBase) => void client.on("error", () => {}),
};

/** The entities on a server, not yet connected. */
export function dataSource(url: string, log: (line: string) => void, wanted = migrations): DataSource {
  return new DataSource({
    type: "postgres",
    url,
    entities,
    migrations: wanted,
    namingStrategy: new SnakeCase(),
    synchronize: false,
    poolSize: 16,
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: Error) => log(`The database closed a connection: ${error.message}`),
    extra: sessionOptions,
  });
}

/** Only one process migrates at a time; the others then find nothing left to do. */
async function migrate(db: DataSource): Promise<void> {
  const runner = db.createQueryRunner();
  try {
    await runner.query("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(7245001)");
    await db.runMigrations({ transaction: "each" });
  } finally {
    await runner
      .query("SELECT pg_advisory_unlock(7245001); RESET lock_timeout; RESET statement_timeout")
      .catch(() => {});
    await runner.release();
  }
}

async function patiently<T>(connect: () => Promise<T>, log: (line: string) => void): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (attempt % 20 === 0)
        log(`The database does not answer (${(error as Error).message}). Waiting for it; check DATABASE_URL.`);
      await delay(Math.min(250 * 2 ** Math.min(attempt, 3), 2_000));
    }
  }
}
