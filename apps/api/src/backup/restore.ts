import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { BlobStore } from "../blob/blob-store.js";
import { LocalBlobs } from "../blob/local-blobs.js";
import { migrateTo, migrationNames, openDatabase } from "../database.js";
import { quoted } from "./back-up.js";
import { copyBlobs } from "./copy-blobs.js";
import { BackupError, type Manifest, readManifest, tableFile } from "./manifest.js";

/**
 * Fills an empty database from a backup, of this version or an older one, whose tables are then moved forward. Every file is checked
 * before anything changes, and the rows come in one transaction: it is restored whole, or not at all. Uploaded files follow, each checked against its
 * hash: what stops there may simply be done again by hand, as files that are there are left alone.
 *
 * Throws a BackupError for a backup that is damaged or of a newer version, and for a database that holds runs, datasets or experiments.
 */
export async function restore(
  url: string,
  folder: string,
  blobs: BlobStore | null = null,
  log: (line: string) => void = () => {},
  onTable: (table: string, rows: number) => void = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (!migrationNames.includes(manifest.migration))
    throw new BackupError(
      `The backup was made by a newer version of Residual (its tables have ${manifest.migration}). Restore it with that version.`,
    );
  for (const { table, sha256 } of manifest.tables) await checkFile(folder, table, sha256);
  const client = new pg.Client({ connectionString: url, application_name: "residual-db" });
  await client.connect();
  try {
    await clear(client);
    await migrateTo(url, manifest.migration, log);
    await client.query("BEGIN");
    const constraints = await dropReferences(client);
    const guarded = await guardedTables(client);
    for (const table of guarded) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await client.query(`TRUNCATE ${manifest.tables.map(({ table }) => quoted(table)).join(", ")}`);
    for (const { table, columns, rows } of manifest.tables) {
      await fillTable(client, folder, table, columns, rows);
      onTable(table, rows);
    }
    for (const table of guarded) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    for (const { table, name, definition } of constraints)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
    for (const { table, column, next } of manifest.counters)
      await client.query("SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3, false)", [
        table,
        column,
        next,
      ]);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
  const database = await openDatabase(url, log);
  try {
    if (manifest.files && blobs) {
      const { missing } = await copyBlobs(database.pool, new LocalBlobs(folder), blobs);
      if (missing.length > 0) log(`${missing.length} files are not in the backup; verify tells which.`);
    }
  } finally {
    await database.close();
  }
  return manifest;
}

/** A new installation has a project and its owner, and nothing that somebody made: its tables may go. */
async function clear(client: pg.Client): Promise<void> {
  for (const [table, what] of [
    ["run", "runs"],
    ["dataset", "datasets"],
    ["experiment", "experiments"],
  ] as const) {
    const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
    if (!rows[0]!.there) continue;
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rowCount)
      throw new BackupError(
        `The database holds ${what}, and a restore would replace them. Restore into an empty one: another RESIDUAL_DATA folder or DATABASE_URL.`,
      );
  }
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

interface Reference {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Tables refer to each other in circles; they are filled without references, which are checked when they come back. */
async function dropReferences(client: pg.Client): Promise<Reference[]> {
  const { rows } = await client.query<Reference>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY 1, 2`,
  );
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  return rows;
}

/** Tables with triggers of ours: the audit log refuses to be emptied, as it must in every other case. */
async function guardedTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS table FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace`,
  );
  return rows.map(({ table }) => table);
}

async function fillTable(
  client: pg.Client,
  folder: string,
  table: string,
  columns: readonly string[],
  rows: number,
): Promise<void> {
  const statement = `COPY ${quoted(table)} (${columns.map(quoted).join(", ")}) FROM STDIN (FORMAT binary)`;
  const target = client.query(copyFrom(statement));
  await pipeline(createReadStream(join(folder, tableFile(table))), createGunzip(), target);
  if (target.rowCount !== rows)
    throw new BackupError(`${table} has ${target.rowCount} rows in its file, and ${rows} in the manifest.`);
}

async function checkFile(folder: string, table: string, expected: string): Promise<void> {
  const path = join(folder, tableFile(table));
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new BackupError(`The backup lacks the table ${table}: ${(error as Error).message}.`, { cause: error });
  }
  if (hash.digest("hex") !== expected)
    throw new BackupError(`${path} is damaged: its checksum is not that of the manifest. Take another backup.`);
}
