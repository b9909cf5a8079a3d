import type { ClientBase, Pool } from "pg";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import type { Identity } from "./identity-provider.js";
import { apiKeyPrincipal, sessionPrincipal } from "./user.js";

/** `ended`: principals whose sockets the caller closes. */
type FoundUser = { userId: string; ended: string[] };

/**
 * The user whom a provider's identity is. Unknown until now, it becomes that of the account with its e-mail address, where the provider has verified
 * that and no other identity of that provider has the account; else a new user who belongs to no project yet.
 */
export function userOfIdentity(pool: Pool, identity: Identity): Promise<FoundUser> {
  const { issuer, subject, verifiedEmail } = identity;
  return transaction(pool, async (client) => {
    // Of two tabs that come back at once, the second finds what the first has made.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7245002))", [`${issuer} ${subject}`]);
    const { rows } = await client.query<{ user_id: string }>(
      "SELECT user_id FROM user_identity WHERE issuer = $1 AND subject = $2",
      [issuer, subject],
    );
    if (rows[0]) return { userId: rows[0].user_id, ended: [] };
    const existing = verifiedEmail === null ? null : await accountOf(client, issuer, verifiedEmail);
    const userId = existing ?? (await newUser(client, identity.name));
    await client.query("INSERT INTO user_identity (issuer, subject, user_id) VALUES ($1, $2, $3)", [
      issuer,
      subject,
      userId,
    ]);
    return { userId, ended: existing === null ? [] : await endOthers(client, existing) };
  });
}

async function accountOf(client: ClientBase, issuer: string, email: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM app_user u WHERE email = $1 AND NOT EXISTS (
       SELECT FROM user_identity i WHERE i.user_id = u.id AND i.issuer = $2) FOR UPDATE`,
    [email.trim().toLowerCase(), issuer],
  );
  return rows[0]?.id ?? null;
}

/**
 * Nobody has ever verified the address of an account: whoever claimed that of another must not stay in when its owner comes. The password, the
 * sessions and the keys that open whatever the account will belong to end; keys of one project open what they opened.
 */
async function endOthers(client: ClientBase, userId: string): Promise<string[]> {
  await client.query("UPDATE app_user SET password_hash = NULL, device_hashes = '{}' WHERE id = $1", [userId]);
  const sessions = await client.query<{ id: string }>("DELETE FROM session WHERE user_id = $1 RETURNING id", [userId]);
  const keys = await client.query<{ id: string }>(
    "UPDATE api_key SET revoked_at = now() WHERE user_id = $1 AND project_id IS NULL AND revoked_at IS NULL RETURNING id",
    [userId],
  );
  return [...sessions.rows.map(({ id }) => sessionPrincipal(id)), ...keys.rows.map(({ id }) => apiKeyPrincipal(id))];
}

async function newUser(client: ClientBase, name: string): Promise<string> {
  const id = newId("usr");
  await client.query("INSERT INTO app_user (id, name) VALUES ($1, $2)", [id, storable(name)]);
  return id;
}

/** Providers write names as they like: one that cannot be kept must not keep anybody out. */
function storable(name: string): string {
  try {
    return cleanText("name", name.slice(0, 100).replace(/[\uD800-\uDBFF]$/, ""), { min: 1, max: 100 });
  } catch {
    return "New person";
  }
}
