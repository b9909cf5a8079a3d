import type { DataSource } from "typeorm";
import { AppError, badInput, notFound } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { MemberViewer, Scope } from "../../viewer.js";
import type { CreateApiKeyInput, CreatedApiKey } from "./account.input.js";
import { ApiKey } from "./api-key.entity.js";

const maxDays = 3650;

/** Makes a key and shows it this once. FORBIDDEN for scopes that whoever asks has not: no key makes itself a stronger one. */
export async function createApiKey(
  db: DataSource,
  ownScopes: Scope[],
  input: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  const name = cleanText("name", input.name, { min: 1, max: 100 });
  const scopes = [...new Set(input.scopes)];
  if (scopes.length === 0) throw badInput("scopes", "scopes is empty: such a key could do nothing. Name at least one.");
  const beyond = scopes.filter((scope) => !ownScopes.includes(scope));
  if (beyond.length > 0)
    throw new AppError(
      "FORBIDDEN",
      `scopes names ${beyond.join(", ")}, which this key has not itself. Sign in as the owner.`,
    );
  const days = input.expiresInDays ?? null;
  if (days !== null && (days < 1 || days > maxDays)) {
    throw badInput(
      "expiresInDays",
      `expiresInDays is ${days}; it must be 1 to ${maxDays}, or null for a key that does not expire.`,
      [1, maxDays],
    );
  }
  const key = `res_${newSecret()}`;
  const id = newId("key");
  await db.query(
    `INSERT INTO api_key (id, name, key_hash, last_four, scopes, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6))`,
    [id, name, hashSecret(key), key.slice(-4), scopes, days],
  );
  return { apiKey: await db.getRepository(ApiKey).findOneByOrFail({ id }), key };
}

/** Revokes a key for good; throws NOT_FOUND for an unknown one. The caller closes its sockets. */
export async function revokeApiKey(db: DataSource, id: string): Promise<ApiKey> {
  await db.query("UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", [id]);
  const apiKey = await db.getRepository(ApiKey).findOneBy({ id });
  if (!apiKey) throw notFound("API key", id);
  return apiKey;
}

/** The viewer behind an API key, or null when it is unknown, expired or revoked. */
export async function viewerOfApiKey(db: DataSource, key: string): Promise<MemberViewer | null> {
  const apiKey = await db.getRepository(ApiKey).findOneBy({ keyHash: hashSecret(key) });
  if (!apiKey || apiKey.revokedAt || (apiKey.expiresAt && apiKey.expiresAt <= new Date())) return null;
  // To the minute is enough: neither a row version nor a statement for each request of a busy worker is worth it.
  if (!apiKey.lastUsedAt || apiKey.lastUsedAt.getTime() < Date.now() - 60_000)
    await db.query(
      "UPDATE api_key SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
      [apiKey.id],
    );
  return {
    kind: "API_KEY",
    id: apiKey.id,
    name: apiKey.name,
    principal: apiKeyPrincipal(apiKey.id),
    expiresAt: apiKey.expiresAt,
    scopes: apiKey.scopes,
  };
}

export function apiKeyPrincipal(id: string): string {
  return `key:${id}`;
}

const workerKeyName = "Worker of npm start";

/** Makes the key that `npm start` shares with its worker known, and forgets the one of another start. */
export async function installWorkerKey(db: DataSource, key: string): Promise<void> {
  const keyHash = hashSecret(key);
  await db.transaction(async (tx) => {
    await tx.query("DELETE FROM api_key WHERE name = $1 AND scopes = '{WORK}' AND key_hash <> $2", [
      workerKeyName,
      keyHash,
    ]);
    await tx.query(
      `INSERT INTO api_key (id, name, key_hash, last_four, scopes) VALUES ($1, $2, $3, $4, '{WORK}')
       ON CONFLICT (key_hash) DO UPDATE SET revoked_at = NULL`,
      [newId("key"), workerKeyName, keyHash, key.slice(-4)],
    );
  });
}
