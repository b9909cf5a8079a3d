import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { BlobStore } from "../blob/blob-store.js";
import { LocalBlobs } from "../blob/local-blobs.js";
import { copyBlobs } from "./copy-blobs.js";
import { BackupError, type Manifest, manifestFile, type TableCopy, tableFile } from "./manifest.js";

/** Whoever restores signs in again: an old backup must not bring back a session that was ended since. Uploads under way begin anew. */
const leftOut = new Set(["session", "share_session", "upload"]);

/**
 * Writes all tables into a new folder, as they are at one moment; the API goes on working meanwhile. One compressed file a table and a manifest
 * with their checksums, which comes last, and before it the uploaded files, unless `blobs` is null. Not in it: signed-in sessions, images, checkpoints.
 *
 * Throws a BackupError where the folder is not empty.
 */
export async function backUp(
  url: string,
  folder: string,
  blobs: BlobStore | null = null,
  onTable: (table: string, rows: number) => void = () => {},
  onBlob: (blobs: number, bytes: number) => void = () => {},
): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new BackupError(`${folder} is not empty. Name a new folder for each backup.`);
  const client = new pg.Client({ connectionString: url, application_name: "residual-db" });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0");
    const createdAt = new Date().toISOString();
    const { rows: migrations } = await client.query<{ name: string }>(
      "SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1",
    );
    const tables: TableCopy[] = [];
    for (const { table, columns } of await listTables(client)) {
      const copy = await copyTable(client, folder, table, columns);
      tables.push(copy);
      onTable(table, copy.rows);
    }
    const counters = await readCounters(client);
    await client.query("COMMIT");
    const { name: migration } = migrations[0]!;
    // Not in the transaction, which may not last as long: files never change, and those of the trash stay for 30 days.
    const files = blobs ? await copyBlobs(client, blobs, new LocalBlobs(folder), onBlob) : null;
    const manifest: Manifest = { format: "residual-backup", version: 1, createdAt, migration, tables, counters, files };
    await writeDurably(folder, manifest);
    return manifest;
  } finally {
    await client.end();
  }
}

type Table = { table: string; columns: string[] };

/** Computed columns are left out: they follow from the others. */
async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'migrations'
     GROUP BY c.relname ORDER BY c.relname`,
  );
  return rows.filter(({ table }) => !leftOut.has(table));
}

async function copyTable(client: pg.Client, folder: string, table: string, columns: string[]): Promise<TableCopy> {
  const statement = `COPY ${quoted(table)} (${columns.map(quoted).join(", ")}) TO STDOUT (FORMAT binary)`;
  const source = client.query(copyTo(statement));
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const file = createWriteStream(join(folder, tableFile(table)), { mode: 0o600, flush: true });
  await pipeline(source, createGzip({ level: 1 }), hashing, file);
  return { table, columns, rows: source.rowCount, sha256: hash.digest("hex") };
}

async function readCounters(client: pg.Client): Promise<Manifest["counters"]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT c.relname AS table, a.attname AS column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attidentity <> '' ORDER BY 1, 2`,
  );
  const counters: Manifest["counters"] = [];
  for (const { table, column, sequence } of rows) {
    const { rows: state } = await client.query<{ next: number }>(
      `SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END AS next FROM ${sequence}`,
    );
    counters.push({ table, column, next: Number(state[0]!.next) });
  }
  return counters;
}

/** On the disk, name and all, or not there. */
async function writeDurably(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, manifestFile);
  const file = await open(`${path}.tmp`, "w", 0o600);
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.tmp`, path);
  const directory = await open(folder);
  await directory.sync();
  await directory.close();
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
