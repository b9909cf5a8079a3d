import type { DataSource } from "typeorm";
import { In } from "typeorm";
import { ApiKey } from "./api-key.entity.js";
import type { ProjectKey } from "./project-key.type.js";

/** The keys that work in a project: its own, and those of its people for all of theirs. Without those that were revoked or have expired; the newest first. */
export async function listProjectKeys(db: DataSource, projectId: string): Promise<ProjectKey[]> {
  const rows: { id: string; maker: string | null; is_of_project: boolean }[] = await db.query(
    `SELECT k.id, u.name AS maker, k.project_id IS NOT NULL AS is_of_project
     FROM api_key k LEFT JOIN app_user u ON u.id = k.user_id
     WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
       AND (k.project_id = $1
         OR k.project_id IS NULL AND k.user_id IN (SELECT user_id FROM membership WHERE project_id = $1))
     ORDER BY k.created_at DESC, k.id DESC`,
    [projectId],
  );
  const keys = await db.getRepository(ApiKey).findBy({ id: In(rows.map(({ id }) => id)) });
  const byId = new Map(keys.map((key) => [key.id, key]));
  return rows.flatMap(({ id, maker, is_of_project: isOfProject }) => {
    const apiKey = byId.get(id);
    return apiKey ? [{ apiKey, maker, isOfProject }] : [];
  });
}
