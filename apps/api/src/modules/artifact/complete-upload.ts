import { Sha256 } from "@residual/shared";
import type { ClientBase } from "pg";
import type { BlobStore } from "../../blob/blob-store.js";
import type { App } from "../../context.js";
import { AppError, notFound } from "../../errors.js";
import { newId } from "../../ids.js";
import { transaction } from "../../transaction.js";
import type { Artifact } from "./artifact.type.js";
import { fencedUpload } from "./check-uploader.js";
import { artifactColumns, toArtifact } from "./load-artifact.js";
import type { Upload } from "./upload-row.js";

/**
 * Makes an artifact of what was uploaded, the next version of its name; again, it returns the same one. Throws MISMATCH where bytes are missing (they
 * may still come) or the content is another one (then it is gone), CONFLICT where the run went to the trash,
 * FENCED where a worker's lease has passed on.
 *
 * First the blob is noted, so that nothing takes it for unused, then stored, then counted: what a crash leaves behind the sweep finds.
 */
export async function completeUpload(app: Pick<App, "pool" | "blobs">, upload: Upload): Promise<Artifact> {
  const { pool, blobs } = app;
  if (upload.artifactId !== null) return artifactOf(pool, upload.distKey, upload.artifactId);
  if (upload.received < upload.bytes)
    throw new AppError("MISMATCH", `${upload.received} of ${upload.bytes} bytes have come. Send the rest first.`, {
      offset: upload.received,
    });
  const found = Sha256.resume(upload.hashState).hex();
  if (found !== upload.sha256) {
    await dropUpload(app, upload);
    throw new AppError(
      "MISMATCH",
      `What came has the SHA-256 ${found}, and not ${upload.sha256}. Nothing of it was kept; upload the file again.`,
      { sha256: found },
    );
  }
  await noteBlob(pool, upload);
  await storeBlob(blobs, upload);
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ artifact_id: string | null }>(
      "SELECT artifact_id FROM upload WHERE id = $1 FOR UPDATE",
      [upload.id],
    );
    if (!rows[0]) throw notFound("upload", upload.id);
    // Another request has completed it meanwhile.
    const { artifact_id } = rows[0];
    return artifact_id === null ? insertArtifact(client, upload) : artifactOf(client, upload.distKey, artifact_id);
  });
}

/** Forgets an upload and what has come of it. */
export async function dropUpload({ pool, blobs }: Pick<App, "pool" | "blobs">, upload: Upload): Promise<void> {
  if (upload.artifactId === null) await blobs.abort(upload);
  await pool.query("DELETE FROM upload WHERE id = $1", [upload.id]);
}

/** Waits where the sweep is just removing it, which then has to be stored anew. */
async function noteBlob(pool: App["pool"], { sha256, bytes }: Upload): Promise<void> {
  await pool.query(
    "INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO UPDATE SET touched_at = excluded.touched_at",
    [sha256, bytes],
  );
}

/** A content that is there is not stored twice; it may have come while this was tried. */
async function storeBlob(blobs: BlobStore, upload: Upload): Promise<void> {
  const isThere = async () => (await blobs.size(upload.sha256)) === upload.bytes;
  if (await isThere()) return blobs.abort(upload);
  try {
    await blobs.finish(upload, upload.receipts);
  } catch (error) {
    if (!(await isThere())) throw error;
  }
}

async function insertArtifact(client: ClientBase, upload: Upload): Promise<Artifact> {
  const { distKey, runId, name } = upload;
  // One at a time gets the next version of a name.
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7245003))", [`${runId} ${name}`]);
  // Under its lock: no claim hands the run on between this and the commit.
  const { rows: runs } = await client.query<{ trashed: boolean; generation: number }>(
    "SELECT trashed_at IS NOT NULL AS trashed, lease_generation AS generation FROM run WHERE dist_key = $1 AND id = $2 FOR SHARE",
    [distKey, runId],
  );
  if (runs[0]?.trashed !== false)
    throw new AppError("CONFLICT", `Run ${runId} went to the trash. Restore it, then complete the upload.`);
  if (upload.leaseGeneration !== null && upload.leaseGeneration !== runs[0].generation) throw fencedUpload(runId);
  const { rowCount } = await client.query("UPDATE blob SET refs = refs + 1 WHERE sha256 = $1", [upload.sha256]);
  if (rowCount !== 1) throw new AppError("UNAVAILABLE", "The upload took too long to complete. Ask again.");
  const { rows: versions } = await client.query<{ next: number }>(
    "SELECT coalesce(max(version), 0) + 1 AS next FROM artifact WHERE dist_key = $1 AND run_id = $2 AND name = $3",
    [distKey, runId, name],
  );
  const { rows } = await client.query<Artifact>(
    `INSERT INTO artifact (dist_key, id, project_id, run_id, name, version, sha256, bytes, media_type, created_by, author)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${artifactColumns}`,
    [
      ...[distKey, newId("art"), upload.projectId, runId, name, versions[0]!.next],
      ...[upload.sha256, upload.bytes, upload.mediaType, upload.createdBy, upload.author],
    ],
  );
  const artifact = toArtifact(rows[0]!);
  // It is remembered for a day: whoever did not get the answer asks again.
  await client.query("UPDATE upload SET artifact_id = $2, touched_at = now() WHERE id = $1", [upload.id, artifact.id]);
  return artifact;
}

async function artifactOf(client: Pick<ClientBase, "query">, distKey: number, id: string): Promise<Artifact> {
  const { rows } = await client.query<Artifact>(
    `SELECT ${artifactColumns} FROM artifact WHERE dist_key = $1 AND id = $2`,
    [distKey, id],
  );
  if (!rows[0]) throw new AppError("CONFLICT", "The artifact of this upload was removed since. Upload the file again.");
  return toArtifact(rows[0]);
}
