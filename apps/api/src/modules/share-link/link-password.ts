import type { Pool } from "pg";
import type { AttemptLimit } from "../../attempt-limit.js";
import { AppError } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { hashPassword, isPassword } from "../account/hash-password.js";
import type { ShareLink } from "./share-link.entity.js";

/**
 * Throws UNAUTHENTICATED with the field `password` where the link has a password and this is another one, or none. It is guessed by link: only who
 * has the address can try.
 */
export async function checkLinkPassword(
  limit: AttemptLimit,
  link: ShareLink,
  password: string | null | undefined,
): Promise<void> {
  const { id, passwordHash } = link;
  if (passwordHash === null) return;
  if (password == null)
    throw new AppError("UNAUTHENTICATED", "This link has a password. Whoever sent the link knows it.", {
      field: "password",
    });
  await limit.guess(id, async () => {
    if (!(await isPassword(passwordHash, password)))
      throw new AppError(
        "UNAUTHENTICATED",
        "This is not the password of this link. Ask whoever sent the link for it.",
        { field: "password" },
      );
  });
}

/** Sets the password of a link, or with null takes it away. Its sessions end in the same transaction: whoever is in has to show the new one. */
export async function setLinkPassword(pool: Pool, linkId: string, password: string | null): Promise<void> {
  const passwordHash = password === null ? null : await hashPassword(password);
  await transaction(pool, async (client) => {
    await client.query("UPDATE share_link SET password_hash = $2, access_changed_at = now() WHERE id = $1", [
      linkId,
      passwordHash,
    ]);
    await client.query("DELETE FROM share_session WHERE link_id = $1", [linkId]);
  });
}
