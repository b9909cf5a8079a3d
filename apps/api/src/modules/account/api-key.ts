import type { DataSource } from "typeorm";
import { accessTo, permits } from "../../access.js";
import type { Context } from "../../context.js";
import { AppError, badInput, notFound } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { MemberViewer, Scope, Viewer } from "../../viewer.js";
import type { CreateApiKeyInput, CreatedApiKey } from "./account.input.js";
import { ApiKey } from "./api-key.entity.js";
import { accessOf, type MembershipRow, membershipsColumn, scopesAnywhere } from "./read-memberships.js";
import { apiKeyPrincipal } from "./user.js";

const maxDays = 3650;
const prefixLength = "res_".length + 4;

/**
 * Makes a key and shows it this once. `projectId`: the one in which it works, null for all of its maker's. FORBIDDEN for scopes that whoever
 * asks has not there: no key makes itself a stronger one.
 */
export async function createApiKey(
  db: DataSource,
  viewer: MemberViewer,
  projectId: string | null,
  input: Omit<CreateApiKeyInput, "project">,
): Promise<CreatedApiKey> {
  const name = cleanText("name", input.name, { min: 1, max: 100 });
  const scopes = [...new Set(input.scopes)];
  if (scopes.length === 0) throw badInput("scopes", "scopes is empty: such a key could do nothing. Name at least one.");
  const own = projectId === null ? viewer.scopes : (accessTo(viewer, projectId)?.scopes ?? []);
  const beyond = scopes.filter((scope) => !own.includes(scope));
  if (beyond.length > 0)
    throw new AppError(
      "FORBIDDEN",
      `scopes names ${beyond.join(", ")}, which ${JSON.stringify(viewer.name)} has not itself. Ask an owner of the project.`,
    );
  if (viewer.projects && projectId === null && (viewer.kind === "API_KEY" || scopes.includes("WORK")))
    throw badInput(
      "project",
      "project is missing: a key that is made by a key, and one for a worker, belongs to one project. Name it.",
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
    `INSERT INTO api_key (id, name, key_hash, prefix, last_four, scopes, user_id, project_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))`,
    [id, name, hashSecret(key), key.slice(0, prefixLength), key.slice(-4), scopes, viewer.userId, projectId, days],
  );
  return { apiKey: await db.getRepository(ApiKey).findOneByOrFail({ id }), key };
}

/** The key with this id where the viewer may revoke it: their own, those of a project that they own, for whoever runs the server every key. */
export async function loadApiKey({ db, viewer, loaded }: Context, id: string): Promise<ApiKey> {
  const apiKey = await db.getRepository(ApiKey).findOneBy({ id });
  if (!apiKey || !viewer || viewer.kind === "SHARE_LINK" || !mayRevoke(viewer, apiKey)) throw notFound("API key", id);
  loaded?.push(apiKey);
  return apiKey;
}

function mayRevoke(viewer: MemberViewer, { userId, projectId }: ApiKey): boolean {
  if (!viewer.projects) return viewer.scopes.includes("MANAGE");
  const access = projectId === null ? null : accessTo(viewer, projectId);
  if (access && permits(viewer, access, "OWNER")) return true;
  return (
    viewer.userId !== null && userId === viewer.userId && viewer.scopes.includes("MANAGE") && viewer.kind === "USER"
  );
}

/** Keys that a person sees: their own, or for whoever runs the server all. */
export async function listApiKeys(db: DataSource, viewer: Viewer): Promise<ApiKey[]> {
  if (viewer.kind === "SHARE_LINK" || viewer.kind === "API_KEY" || !viewer.scopes.includes("MANAGE")) return [];
  const where = viewer.projects ? { userId: viewer.userId! } : {};
  return db.getRepository(ApiKey).find({ where, order: { id: "ASC" } });
}

/** Revokes a key for good. The caller closes its sockets. */
export async function revokeApiKey(db: DataSource, { id }: ApiKey): Promise<ApiKey> {
  await db.query("UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", [id]);
  return db.getRepository(ApiKey).findOneByOrFail({ id });
}

type KeyRow = {
  id: string;
  name: string;
  scopes: Scope[];
  expires_at: Date | null;
  is_used: boolean;
  project_id: string | null;
  user_id: string | null;
  is_operator: boolean | null;
  memberships: MembershipRow[];
};

/** The viewer behind an API key, or null when it is unknown, expired or revoked. It may do what it says and its maker may now. */
export async function viewerOfApiKey(db: DataSource, key: string): Promise<MemberViewer | null> {
  const [row]: KeyRow[] = await db.query(
    `SELECT k.id, k.name, k.scopes, k.expires_at, k.project_id, k.user_id, u.is_operator, ${membershipsColumn},
            coalesce(k.last_used_at > now() - interval '1 minute', false) AS is_used
     FROM api_key k LEFT JOIN app_user u ON u.id = k.user_id
     WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
    [hashSecret(key)],
  );
  if (!row) return null;
  // To the minute is enough: neither a row version nor a statement for each request of a busy worker is worth it.
  if (!row.is_used)
    await db.query(
      "UPDATE api_key SET last_used_at = now() WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')",
      [row.id],
    );
  const projects = projectsOf(row);
  return {
    kind: "API_KEY",
    id: row.id,
    userId: row.user_id,
    name: row.name,
    principal: apiKeyPrincipal(row.id),
    expiresAt: row.expires_at,
    scopes: projects ? scopesAnywhere(projects) : row.scopes,
    projects,
  };
}

/** null: every project. A key of whoever runs the server works in all of them, unless it names one. */
function projectsOf(row: KeyRow): MemberViewer["projects"] {
  const isOfOperator = row.user_id === null || row.is_operator;
  if (!isOfOperator) return accessOf(row.memberships, { scopes: row.scopes, only: row.project_id });
  if (row.project_id === null) return null;
  return accessOf([{ project: row.project_id, role: "OWNER" }], { scopes: row.scopes });
}

const workerKeyName = "Worker of npm start";

/** Makes the key that `npm start` shares with its worker known, and forgets the one of another start. */
export async function installWorkerKey(db: DataSource, key: string): Promise<void> {
  const keyHash = hashSecret(key);
  await db.transaction(async (tx) => {
    await tx.query("DELETE FROM api_key WHERE name = $1 AND scopes = '{WORK}' AND user_id IS NULL AND key_hash <> $2", [
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
