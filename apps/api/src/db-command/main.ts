import "reflect-metadata";
import { parseArgs } from "node:util";
import pg from "pg";
import { backUp } from "../backup/back-up.js";
import { restore } from "../backup/restore.js";
import type { BlobStore } from "../blob/blob-store.js";
import { openBlobStore } from "../blob/open-blob-store.js";
import { openDatabase } from "../database.js";
import { checkDatabase } from "../distribution/check-database.js";
import { distribute } from "../distribution/distribute.js";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.js";
import { readEnv } from "../env.js";
import { verifyBlobs } from "../verify/verify-blobs.js";
import { verifyDatabase } from "../verify/verify-database.js";
import { printChecks, printDistribution, printVerification } from "./print.js";

const help = `npm run db -- <command> [options]

  Works on the database of DATABASE_URL, or on the embedded one in RESIDUAL_DATA (default: .residual), which is started
  where it does not run.

  verify        walks all stored metrics and files and tells what is damaged, missing or belongs to nothing; the API may go on
                working. Exit code 1: damage
    --json      the report as JSON
  check         tries ingest, compaction, reads and job claims in a project of its own, which it deletes.
                Stop the workers first: its jobs are for nobody. Exit code 1: something fails
    --json      the report as JSON
  backup <folder>    writes all tables, as they are at one moment, and the uploaded files into a new folder; the API may go on
                working. Images and checkpoints are not in it: copy RESIDUAL_DATA/checkpoints beside it
    --no-files  leaves the uploaded files out: where they have a backup of their own, as a bucket may
  restore <folder>   fills an empty database from a backup and verifies it. Stop the API first. Everybody signs in again, and
                keys and links that were revoked after the backup are good again
  distribute    distributes the tables over a Citus cluster; says what is missing otherwise. Exit code 1: something is missing
    --dry-run   prints the SQL only
`;

const options = {
  json: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  "no-files": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

interface Place {
  readonly url: string;
  readonly blobs: BlobStore;
}

const commands = {
  async backup({ url, blobs }: Place, options: { "no-files": boolean }, folder: string): Promise<boolean> {
    await (await openPool(url)).end();
    const kept = options["no-files"] ? null : blobs;
    const { tables, files } = await backUp(url, folder, kept, sayTable, progressOf("files", "bytes"));
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const others = files ? ` and ${files.blobs} files with ${files.bytes} bytes` : "";
    console.log(`${rows} rows of ${tables.length} tables${others} are in ${folder}`);
    for (const sha256 of files?.missing ?? []) console.error(`Missing: blob ${sha256} is not in ${blobs.place}`);
    return (files?.missing.length ?? 0) === 0;
  },
  async restore(place: Place, options: { json: boolean }, folder: string): Promise<boolean> {
    const { createdAt } = await restore(place.url, folder, place.blobs, say, sayTable);
    console.log(`Restored as of ${createdAt}.`);
    return commands.verify(place, options);
  },
  async verify({ url, blobs }: Place, { json }: { json: boolean }): Promise<boolean> {
    const pool = await openPool(url);
    try {
      const result = await verifyDatabase(pool, progressOf("runs", "points"));
      const files = await verifyBlobs(pool, blobs, progressOf("files", "bytes"));
      printVerification(result, files, json);
      return result.damages.length === 0 && files.damages.length === 0;
    } finally {
      await pool.end();
    }
  },
  async check({ url }: Place, { json }: { json: boolean }): Promise<boolean> {
    const database = await openDatabase(url, say);
    try {
      const checks = await checkDatabase(database);
      printChecks(checks, json);
      return checks.every((check) => check.problem === null);
    } finally {
      await database.close();
    }
  },
  async distribute({ url }: Place, { "dry-run": dryRun }: { "dry-run": boolean }): Promise<boolean> {
    const pool = await openPool(url);
    try {
      const plan = await distribute(pool, { dryRun });
      printDistribution(plan, dryRun);
      return dryRun || plan.missing.length === 0;
    } finally {
      await pool.end();
    }
  },
};

function sayTable(table: string, rows: number): void {
  if (rows > 0) say(`… ${table}: ${rows} rows`);
}

/** Standard output is the report's. */
function say(line: string): void {
  console.error(line);
}

/** One line a second on a terminal's standard error. */
function progressOf(...names: [string, string]): (first: number, second: number) => void {
  let last = performance.now();
  return (first, second) => {
    if (performance.now() - last < 1_000) return;
    last = performance.now();
    say(`… ${first} ${names[0]}, ${second} ${names[1]}`);
  };
}

/** Throws where the schema is another version's: verification must not change what it looks at. */
async function openPool(url: string): Promise<pg.Pool> {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: "residual-db" });
  pool.on("error", (error) => say(`The database closed a connection: ${error.message}`));
  const { rows } = await pool.query<{ current: boolean }>("SELECT to_regclass('metric_tail') IS NOT NULL AS current");
  if (rows[0]!.current) return pool;
  await pool.end();
  throw new Error(
    "This database is empty or of an older version. Start Residual on it once (npm start), which moves it forward.",
  );
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, folder] = positionals;
  if (values.help || name === undefined) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  const takesFolder = name === "backup" || name === "restore";
  if (!Object.hasOwn(commands, name) || positionals.length > (takesFolder ? 2 : 1))
    throw new TypeError(`There is no command "${positionals.join(" ")}".`);
  if (takesFolder && folder === undefined) throw new TypeError(`Name the folder: npm run db -- ${name} <folder>`);
  const env = readEnv();
  const embedded = env.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: env.RESIDUAL_DATA, log: say });
  try {
    const place = { url: env.DATABASE_URL ?? embedded!.url, blobs: openBlobStore(env) };
    return (await commands[name as keyof typeof commands](place, values, folder!)) ? 0 : 1;
  } finally {
    if (embedded && !embedded.adopted) await embedded.stop();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  const isUsage = error instanceof TypeError;
  console.error(isUsage ? `${error.message}\n\n${help}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
