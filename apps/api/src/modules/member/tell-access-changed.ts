import type { ClientBase, Pool } from "pg";
import type { Events } from "../../live/events.js";
import { apiKeyPrincipal, sessionPrincipal } from "../account/user.js";
import { sharePrincipal } from "../share-link/share-session.js";

/** To be called in the transaction that changes what a user may do: whoever misses the notice finds it here (ended-principals.ts). */
export async function markAccessChanged(client: ClientBase, userId: string): Promise<void> {
  await client.query("UPDATE app_user SET access_changed_at = now() WHERE id = $1", [userId]);
}

/**
 * Tells, after the commit, that a user may do something else now. What their sessions, keys and links have open is closed; whoever still may see
 * something comes back and sees that.
 */
export async function tellAccessChanged(pool: Pool, events: Events, userId: string): Promise<void> {
  const { rows } = await pool.query<{ kind: "session" | "key" | "link"; id: string }>(
    `SELECT 'session' AS kind, id FROM session WHERE user_id = $1
     UNION ALL SELECT 'key', id FROM api_key WHERE user_id = $1 AND revoked_at IS NULL
     UNION ALL SELECT 'link', id FROM share_link WHERE created_by = $1 AND revoked_at IS NULL`,
    [userId],
  );
  const principalOf = { session: sessionPrincipal, key: apiKeyPrincipal, link: sharePrincipal };
  for (const { kind, id } of rows) events.accessRevoked(principalOf[kind](id));
}
