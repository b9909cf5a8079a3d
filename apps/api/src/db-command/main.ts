import "reflect-metadata";
import { parseArgs } from "node:util";
import pg from "pg";
import { backUp } from "../backup/back-up.js";
import { restore } from "../backup/restore.js";
import { openDatabase } from "../database.js";
import { checkDatabase } from "../distribution/check-database.js";
import { distribute } from "../distribution/distribute.js";
import { startEmbeddedPostgres } from "../embedded-postgres/embedded-postgres.js";
import { readEnv } from "../env.js";
import { verifyDatabase } from "../verify/verify-database.js";
import { printChecks, printDistribution, printVerification } from "./print.js";

const help = `npm run db -- <command> [options]

  Works on the database of DATABASE_URL, or on the embedded one in RESIDUAL_DATA (default: .residual), which is started
  where it does not run.

  verify        walks all stored metrics and tells what is damaged; the API may go on working. Exit code 1: damage
    --json      the report as JSON
  check         tries ingest, compaction, reads and job claims in a project of its own, which it deletes.
                Stop the workers first: its jobs are for nobody. Exit code 1: something fails
    --json      the report as JSON
  backup <folder>    writes all tables, as they are at one moment, into a new folder; the API may go on working. Images
                and checkpoints are files and not in it: copy RESIDUAL_DATA/checkpoints beside it
  restore <folder>   fills an empty database from a backup and verifies it. Stop the API first. Everybody signs in again, and
                keys and links that were revoked after the backup are good again
  distribute    distributes the tables over a Citus cluster; says what is missing otherwise. Exit code 1: something is missing
    --dry-run   prints the SQL only
`;

const options = {
  json: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const commands = {
  async backup(url: string, _options: object, folder: string): Promise<boolean> {
    await (await openPool(url)).end();
    const { tables } = await backUp(url, folder, sayTable);
    console.log(`${tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${tables.length} tables are in ${folder}`);
    return true;
  },
  async restore(url: string, options: { json: boolean }, folder: string): Promise<boolean> {
    const { createdAt } = await restore(url, folder, say, sayTable);
    console.log(`Restored as of ${createdAt}.`);
    return commands.verify(url, options);
  },
  async verify(url: string, { json }: { json: boolean }): Promise<boolean> {
    const pool = await openPool(url);
    try {
      const result = await verifyDatabase(pool, progressOf("runs", "points"));
      printVerification(result, json);
      return result.damages.length === 0;
    } finally {
      await pool.end();
    }
  },
  async check(url: string, { json }: { json: boolean }): Promise<boolean> {
    const database = await openDatabase(url, say);
    try {
      const checks = await checkDatabase(database);
      printChecks(checks, json);
      return checks.every((check) => check.problem === null);
    } finally {
      await database.close();
    }
  },
  async distribute(url: string, { "dry-run": dryRun }: { "dry-run": boolean }): Promise<boolean> {
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
    return (await commands[name as keyof typeof commands](env.DATABASE_URL ?? embedded!.url, values, folder!)) ? 0 : 1;
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
