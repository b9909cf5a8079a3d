import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Written last: a folder without it is a backup that did not end. */
export const manifestFile = "manifest.json";

const tableSchema = z.object({
  table: z.string(),
  columns: z.array(z.string()).min(1),
  rows: z.number().int().nonnegative(),
  /** Of `<table>.copy.gz`, Postgres's binary COPY, compressed. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.object({
  format: z.literal("residual-backup"),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Name of the newest migration that the tables have. */
  migration: z.string(),
  tables: z.array(tableSchema),
  /** Where identity columns go on counting. */
  counters: z.array(z.object({ table: z.string(), column: z.string(), next: z.number().int().positive() })),
  /** The uploaded files, below blobs/; null where they were left out, or the version knew none. */
  files: z
    .object({
      blobs: z.number().int().nonnegative(),
      bytes: z.number().nonnegative(),
      missing: z.array(z.string()),
    })
    .nullable()
    .default(null),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type TableCopy = z.infer<typeof tableSchema>;

export function tableFile(table: string): string {
  return `${table}.copy.gz`;
}

/** A backup that cannot be made or restored. The message says why and what to do. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

/** Throws a BackupError for a folder that holds no finished backup of a version that is known here. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestFile), "utf8").catch((error: Error) => {
    throw new BackupError(
      `${folder} holds no finished backup: ${error.message}. Name the folder that npm run db -- backup wrote to its end.`,
      { cause: error },
    );
  });
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new BackupError(`${join(folder, manifestFile)} is no manifest of a backup that this version can read.`, {
      cause: error,
    });
  }
}
