import type { Pool } from "pg";
import { mayShare } from "./modules/share-link/may-share.js";

/**
 * Of the principals those whose credential no longer opens anything (revoked, signed out or expired), or not what it did: what its user may do
 * has changed within the last `seconds`. To be new is no change.
 */
export async function endedPrincipals(pool: Pool, principals: string[], seconds: number): Promise<string[]> {
  if (principals.length === 0) return [];
  const idsOf = (kind: string) =>
    principals.filter((principal) => principal.startsWith(kind)).map((principal) => principal.slice(kind.length));
  const { rows } = await pool.query<{ principal: string }>(
    `SELECT 'session:' || s.id AS principal FROM session s JOIN app_user u ON u.id = s.user_id
     WHERE s.id = ANY($1) AND s.expires_at > now() AND (u.access_changed_at = u.created_at OR u.access_changed_at < now() - make_interval(secs => $4))
     UNION ALL
     SELECT 'key:' || k.id FROM api_key k LEFT JOIN app_user u ON u.id = k.user_id
     WHERE k.id = ANY($2) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
       AND (u.id IS NULL OR u.access_changed_at = u.created_at OR u.access_changed_at < now() - make_interval(secs => $4))
     UNION ALL
     SELECT 'share:' || id FROM share_link
     WHERE id = ANY($3) AND revoked_at IS NULL
       AND (access_changed_at IS NULL OR access_changed_at < now() - make_interval(secs => $4))
       AND (expires_at IS NULL OR expires_at > now()) AND (created_by IS NULL OR ${mayShare("created_by", "project_id")})`,
    [idsOf("session:"), idsOf("key:"), idsOf("share:"), seconds],
  );
  const valid = new Set(rows.map((row) => row.principal));
  return principals.filter((principal) => !valid.has(principal));
}
