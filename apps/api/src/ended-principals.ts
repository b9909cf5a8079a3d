import type { Pool } from "pg";

/** Of the principals those whose credential no longer opens anything: revoked, signed out or expired. */
export async function endedPrincipals(pool: Pool, principals: string[]): Promise<string[]> {
  if (principals.length === 0) return [];
  const idsOf = (kind: string) =>
    principals.filter((principal) => principal.startsWith(kind)).map((principal) => principal.slice(kind.length));
  const { rows } = await pool.query<{ principal: string }>(
    `SELECT 'session:' || encode(token_hash, 'hex') AS principal FROM session
     WHERE token_hash IN (SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS hash) AND expires_at > now()
     UNION ALL
     SELECT 'key:' || id FROM api_key
     WHERE id = ANY($2) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
     UNION ALL
     SELECT 'share:' || id FROM share_link
     WHERE id = ANY($3) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [idsOf("session:"), idsOf("key:"), idsOf("share:")],
  );
  const valid = new Set(rows.map((row) => row.principal));
  return principals.filter((principal) => !valid.has(principal));
}
