import { timingSafeEqual } from "node:crypto";
import type { Pool } from "pg";
import { AppError, badInput, notFound } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { Role } from "../../viewer.js";
import type { Project } from "../project/project.entity.js";
import type { CreatedInvite, CreateInviteInput, Invite, OpenInvite } from "./member.type.js";

const maxDays = 30;
const signInDays = 1;

/** Makes a way into a project and shows its secret this once. `createdBy`: the owner who answers for it. */
export async function createInvite(
  pool: Pool,
  project: Project,
  createdBy: string,
  { role, label, expiresInDays: days }: CreateInviteInput,
): Promise<CreatedInvite> {
  if (days < 1 || days > maxDays)
    throw badInput("expiresInDays", `expiresInDays is ${days}; it must be 1 to ${maxDays}.`, [1, maxDays]);
  return insertInvite(pool, { projectId: project.id, role, forUser: null }, cleanText("label", label), createdBy, days);
}

/** Makes a link by which a user signs in once, within a day: for whoever has no password, or forgot it. NOT_FOUND for an unknown user. */
export async function createSignInLink(pool: Pool, userId: string, createdBy: string): Promise<CreatedInvite> {
  const { rows } = await pool.query<{ name: string }>("SELECT name FROM app_user WHERE id = $1", [userId]);
  if (!rows[0]) throw notFound("user", userId, "user");
  return insertInvite(pool, { projectId: null, role: null, forUser: userId }, rows[0].name, createdBy, signInDays);
}

type Target = { projectId: string | null; role: Role | null; forUser: string | null };

async function insertInvite(
  pool: Pool,
  { projectId, role, forUser }: Target,
  label: string,
  createdBy: string,
  days: number,
): Promise<CreatedInvite> {
  const id = newId("inv");
  const secret = newSecret();
  await pool.query(
    `INSERT INTO invite (id, project_id, role, for_user, label, secret_hash, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))`,
    [id, projectId, role, forUser, label, hashSecret(secret), createdBy, days],
  );
  return { id, path: `/join/${id}#${secret}` };
}

/** The invites of a project that still open something, the newest first. */
export async function listInvites(pool: Pool, projectId: string): Promise<Invite[]> {
  const { rows } = await pool.query<Invite>(
    `SELECT id, role, label, created_at AS "createdAt", expires_at AS "expiresAt" FROM invite
     WHERE project_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now() ORDER BY id DESC`,
    [projectId],
  );
  return rows;
}

/** The project of an invite; NOT_FOUND for an unknown one, and for a sign-in link, which belongs to none. */
export async function projectOfInvite(pool: Pool, id: string): Promise<string> {
  const { rows } = await pool.query<{ project_id: string | null }>("SELECT project_id FROM invite WHERE id = $1", [id]);
  if (!rows[0]?.project_id) throw notFound("invite", id);
  return rows[0].project_id;
}

export async function revokeInvite(pool: Pool, id: string): Promise<void> {
  await pool.query("UPDATE invite SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", [id]);
}

export type FoundInvite = OpenInvite & { id: string; projectId: string | null; forUser: string | null };

/**
 * What an invite opens, for whoever holds its secret. One that does not exist, whose secret is another, that was used or withdrawn, has expired, or
 * whose maker no longer owns the project are all the same NOT_FOUND.
 */
export async function findInvite(pool: Pool, id: string, secret: string): Promise<FoundInvite> {
  const { rows } = await pool.query<FoundInvite & { secretHash: Buffer }>(
    `SELECT i.id, i.project_id AS "projectId", i.for_user AS "forUser", i.role, i.expires_at AS "expiresAt",
            i.secret_hash AS "secretHash", p.name AS project, u.name AS "user"
     FROM invite i JOIN app_user maker ON maker.id = i.created_by
       LEFT JOIN project p ON p.id = i.project_id LEFT JOIN app_user u ON u.id = i.for_user
     WHERE i.id = $1 AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
       AND (maker.is_operator OR EXISTS (SELECT FROM membership m
            WHERE m.user_id = maker.id AND m.project_id = i.project_id AND m.role = 'OWNER'))`,
    [id],
  );
  const [invite] = rows;
  // Compared also where there is none, so that it takes as long.
  const isRight = timingSafeEqual(invite?.secretHash ?? hashSecret(""), hashSecret(secret));
  if (invite && isRight) return invite;
  throw new AppError(
    "NOT_FOUND",
    "This invite does not exist, was used already, was withdrawn, or has expired. Ask whoever sent it for a new one.",
    { field: "id" },
  );
}
