import type { Pool } from "pg";
import { notFound } from "../../errors.js";
import type { Artifact } from "./artifact.type.js";
import { artifactColumns, toArtifact } from "./load-artifact.js";

/** Moves an artifact to the trash or out of it. What is there already stays as it is. */
export async function trashArtifact(pool: Pool, { distKey, id }: Artifact, isTrashed: boolean): Promise<Artifact> {
  await pool.query(
    isTrashed
      ? "UPDATE artifact SET trashed_at = now() WHERE dist_key = $1 AND id = $2 AND trashed_at IS NULL"
      : "UPDATE artifact SET trashed_at = NULL WHERE dist_key = $1 AND id = $2",
    [distKey, id],
  );
  const { rows } = await pool.query<Artifact>(
    `SELECT ${artifactColumns} FROM artifact WHERE dist_key = $1 AND id = $2`,
    [distKey, id],
  );
  if (!rows[0]) throw notFound("artifact", id);
  return toArtifact(rows[0]);
}
