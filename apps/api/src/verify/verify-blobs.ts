import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Pool } from "pg";
import { type BlobStore, MissingBlob } from "../blob/blob-store.js";

/** What is wrong with a stored file, in words for whoever has to repair it. */
type BlobDamage = {
  readonly sha256: string;
  readonly problem: string;
  /** Runs with a file of this content. */
  readonly runs: readonly string[];
};

export type BlobVerification = {
  readonly blobs: number;
  readonly bytes: number;
  readonly damages: readonly BlobDamage[];
  /** Contents that are kept and belong to nothing: they cost room, and nothing else. */
  readonly orphans: readonly string[];
};

const atOnce = 500;

/**
 * Reads every stored file and tells which are missing, have another content or are counted wrongly, and what is kept that nothing knows. The API may
 * go on working: what is uploaded meanwhile is noted before it is stored.
 */
export async function verifyBlobs(
  pool: Pool,
  store: BlobStore,
  progress: (blobs: number, bytes: number) => void = () => {},
): Promise<BlobVerification> {
  const damages: BlobDamage[] = [];
  const orphans = await findOrphans(pool, store);
  let [blobs, bytes] = [0, 0];
  for (let after = ""; ; ) {
    const { rows } = await pool.query<{ sha256: string; bytes: number; refs: number }>(
      "SELECT sha256, bytes, refs FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
      [after, atOnce],
    );
    for (const blob of rows) {
      const problem = await problemOf(pool, store, blob);
      if (problem) damages.push({ sha256: blob.sha256, problem, runs: await runsWith(pool, blob.sha256) });
      bytes += blob.bytes;
      progress(++blobs, bytes);
    }
    if (rows.length < atOnce) return { blobs, bytes, damages, orphans };
    after = rows.at(-1)!.sha256;
  }
}

async function problemOf(
  pool: Pool,
  store: BlobStore,
  { sha256, bytes, refs }: { sha256: string; bytes: number; refs: number },
): Promise<string | null> {
  const { rows } = await pool.query<{ count: number }>("SELECT count(*) AS count FROM artifact WHERE sha256 = $1", [
    sha256,
  ]);
  const { count } = rows[0]!;
  // One that nobody has may be on its way, or on its way out.
  if (refs === 0 && count === 0) return null;
  if (refs !== count) return `it is counted ${refs} times and belongs to ${count} files`;
  const size = await store.size(sha256);
  if (size === null) return `it is not in ${store.place}`;
  if (size !== bytes) return `it has ${size} bytes instead of ${bytes}`;
  const hash = createHash("sha256");
  try {
    await pipeline(await store.read(sha256), hash);
  } catch (error) {
    if (error instanceof MissingBlob) return `it is not in ${store.place}`;
    return `it cannot be read: ${(error as Error).message}`;
  }
  const found = hash.digest("hex");
  return found === sha256 ? null : `its content has the SHA-256 ${found}`;
}

async function runsWith(pool: Pool, sha256: string): Promise<string[]> {
  const { rows } = await pool.query<{ run_id: string }>(
    "SELECT DISTINCT run_id FROM artifact WHERE sha256 = $1 ORDER BY run_id LIMIT 100",
    [sha256],
  );
  return rows.map(({ run_id }) => run_id);
}

async function findOrphans(pool: Pool, store: BlobStore): Promise<string[]> {
  const orphans: string[] = [];
  let page: string[] = [];
  const look = async () => {
    const { rows } = await pool.query<{ sha256: string }>("SELECT sha256 FROM blob WHERE sha256 = ANY($1)", [page]);
    const known = new Set(rows.map(({ sha256 }) => sha256));
    orphans.push(...page.filter((sha256) => !known.has(sha256)));
    page = [];
  };
  for await (const { sha256 } of store.list()) if (page.push(sha256) >= atOnce) await look();
  await look();
  return orphans;
}
