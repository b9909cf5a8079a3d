import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";

/** A file that is being uploaded: what it shall be, and how much of it has come. */
export interface Upload {
  id: string;
  distKey: number;
  projectId: string;
  runId: string;
  name: string;
  sha256: string;
  bytes: number;
  mediaType: string | null;
  createdBy: string;
  author: string;
  /** What the store calls it: see StagedBlob. */
  token: string;
  received: number;
  /** Of Sha256, after the bytes received. */
  hashState: Buffer;
  /** What the store gave for each piece. */
  receipts: string[];
  /** Once it is complete. */
  artifactId: string | null;
  /** Of the worker that uploads it. */
  leaseGeneration: number | null;
}

export const uploadColumns = `id, dist_key AS "distKey", project_id AS "projectId", run_id AS "runId", name, sha256, bytes, media_type AS "mediaType",
  created_by AS "createdBy", author, token, received, hash_state AS "hashState", receipts, artifact_id AS "artifactId",
  lease_generation AS "leaseGeneration"`;

/** An upload for whoever began it, as long as they may still write to its project; NOT_FOUND for anybody else. */
export async function loadUpload(context: Context, id: string): Promise<Upload> {
  const { rows } = await context.pool.query<Upload>(`SELECT ${uploadColumns} FROM upload WHERE id = $1`, [id]);
  const [upload] = rows;
  if (!upload || upload.createdBy !== context.viewer?.id) throw notFound("upload", id);
  checkAccess(context, upload.projectId, "upload", id);
  return upload;
}
