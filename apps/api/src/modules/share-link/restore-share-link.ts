import type { Pool } from "pg";
import { AppError } from "../../errors.js";
import { transaction } from "../../transaction.js";
import type { ShareLink } from "./share-link.entity.js";

/**
 * Lets a link that was revoked open again what it showed, under the same address. Whoever had it open before its revocation has to open it anew: their
 * sessions end in the same transaction. Throws CONFLICT for a link that has ended by its time.
 */
export async function restoreShareLink(pool: Pool, { id, expiresAt }: ShareLink): Promise<void> {
  if (expiresAt !== null && expiresAt.getTime() <= Date.now())
    throw new AppError("CONFLICT", `This link ended at ${expiresAt.toISOString()}. Make a new one instead.`, {
      field: "id",
    });
  await transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      "UPDATE share_link SET revoked_at = NULL, access_changed_at = now() WHERE id = $1 AND revoked_at IS NOT NULL",
      [id],
    );
    if (rowCount === 1) await client.query("DELETE FROM share_session WHERE link_id = $1", [id]);
  });
}
