import type { Pool } from "pg";
import type { BlobStore } from "../../blob/blob-store.js";
import { transaction } from "../../transaction.js";
import { dropUpload } from "./complete-upload.js";
import { type Upload, uploadColumns } from "./upload-row.js";

const atOnce = 50;

/**
 * Removes what nobody wants any more: uploads of which nothing came for a day, artifacts that are in the trash for 30 days, and then contents that no
 * artifact has for an hour. Each in a transaction of its own, and of several API processes one.
 */
export async function sweepFiles(pool: Pool, blobs: BlobStore): Promise<void> {
  await sweepUploads(pool, blobs);
  await sweepTrash(pool);
  await sweepBlobs(pool, blobs);
}

async function sweepUploads(pool: Pool, blobs: BlobStore): Promise<void> {
  const { rows } = await pool.query<Upload>(
    `SELECT ${uploadColumns} FROM upload WHERE touched_at < now() - interval '1 day' ORDER BY touched_at LIMIT $1`,
    [atOnce],
  );
  for (const upload of rows) await dropUpload({ pool, blobs }, upload);
}

async function sweepTrash(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ dist_key: number; id: string }>(
    "SELECT dist_key, id FROM artifact WHERE trashed_at < now() - interval '30 days' ORDER BY trashed_at LIMIT $1",
    [atOnce],
  );
  for (const { dist_key, id } of rows)
    await transaction(pool, async (client) => {
      const { rows: removed } = await client.query<{ sha256: string }>(
        `DELETE FROM artifact WHERE dist_key = $1 AND id = $2 AND trashed_at < now() - interval '30 days' RETURNING sha256`,
        [dist_key, id],
      );
      for (const { sha256 } of removed)
        await client.query("UPDATE blob SET refs = refs - 1, touched_at = now() WHERE sha256 = $1", [sha256]);
    });
}

/** Whoever uploads such a content meanwhile waits for the row, and then stores it anew (noteBlob). */
async function sweepBlobs(pool: Pool, blobs: BlobStore): Promise<void> {
  const { rows } = await pool.query<{ sha256: string }>(
    "SELECT sha256 FROM blob WHERE refs = 0 AND touched_at < now() - interval '1 hour' LIMIT $1",
    [atOnce],
  );
  for (const { sha256 } of rows)
    await transaction(pool, async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM blob WHERE sha256 = $1 AND refs = 0 AND touched_at < now() - interval '1 hour'`,
        [sha256],
      );
      if (rowCount === 1) await blobs.remove(sha256);
    });
}
