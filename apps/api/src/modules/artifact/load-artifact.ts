import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { shareGrant } from "../../viewer.js";
import type { Run } from "../run/run.entity.js";
import { Artifact } from "./artifact.type.js";

export const artifactColumns = `dist_key AS "distKey", id, project_id AS "projectId", run_id AS "runId", name, version, sha256, bytes,
  media_type AS "mediaType", created_by AS "createdBy", author, created_at AS "createdAt", trashed_at AS "trashedAt"`;

/** GraphQL tells the types of an interface by their class. */
export const toArtifact = (row: Artifact): Artifact => Object.assign(new Artifact(), row);

/**
 * The one way to an artifact by its id: NOT_FOUND where there is none in the viewer's projects, and for every share link: whoever makes one
 * shares curves and scores, and weights are another matter. Those in the trash are found by members, who may want them back.
 */
export async function loadArtifact(context: Context, id: string): Promise<Artifact> {
  const { rows } = await context.pool.query<Artifact>(`SELECT ${artifactColumns} FROM artifact WHERE id = $1`, [id]);
  const [row] = rows;
  if (!row || shareGrant(context.viewer)) throw notFound("artifact", id);
  checkAccess(context, row.projectId, "artifact", id);
  return toArtifact(row);
}

/** The artifacts of a run, the newest first; those in the trash, or all others. */
export async function listArtifacts(
  { pool }: Context,
  run: Run,
  { first, after, trashed }: { first: number; after: string | null; trashed: boolean },
): Promise<Page<Artifact>> {
  const [before] = after === null ? [null] : decodeCursor(after, 1);
  const { rows } = await pool.query<Artifact>(
    `SELECT ${artifactColumns} FROM artifact
     WHERE dist_key = $1 AND run_id = $2 AND (trashed_at IS NOT NULL) = $3 AND ($4::text IS NULL OR id < $4)
     ORDER BY artifact.id DESC LIMIT $5`,
    [run.distKey, run.id, trashed, before === null ? null : String(before), checkPageSize(first) + 1],
  );
  return pageOf(rows.map(toArtifact), first, ({ id }) => [id]);
}
