import type { ClientBase } from "pg";
import type { Context } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { transaction } from "../../transaction.js";
import { hashPassword } from "../account/hash-password.js";
import { cleanEmail, emailTaken } from "../account/password.js";
import { type OpenedSession, openSession } from "../account/session.js";
import { type FoundInvite, findInvite } from "./invite.js";
import type { AcceptInviteInput } from "./member.type.js";
import { markAccessChanged, tellAccessChanged } from "./tell-access-changed.js";

/**
 * Uses an invite: whoever is signed in joins its project, anybody else becomes a new user in it, and a sign-in link lets its user in again. Of two
 * who come at once, one finds it used. Returns the session to go on with, null for whoever had one.
 */
export async function acceptInvite(
  context: Context,
  input: AcceptInviteInput,
): Promise<{ invite: FoundInvite; session: OpenedSession | null }> {
  const { pool, db, events, viewer } = context;
  const invite = await findInvite(pool, input.id, input.secret);
  const present = viewer?.kind === "USER" || viewer?.kind === "OWNER" ? viewer.userId : null;
  if (invite.forUser !== null) {
    await transaction(pool, (client) => use(client, invite, invite.forUser!));
    return { invite, session: await openSession(db, invite.forUser, context.userAgent) };
  }
  if (present !== null) {
    await transaction(pool, async (client) => {
      await use(client, invite, present);
      await join(client, invite, present);
      await markAccessChanged(client, present);
    });
    await tellAccessChanged(pool, events, present);
    return { invite, session: null };
  }
  const user = await newUser(input);
  await transaction(pool, async (client) => {
    const { rowCount } = await client.query(
      "INSERT INTO app_user (id, name, email, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING",
      [user.id, user.name, user.email, user.passwordHash],
    );
    if (rowCount === 0) throw emailTaken();
    await use(client, invite, user.id);
    await join(client, invite, user.id);
  });
  return { invite, session: await openSession(db, user.id, context.userAgent) };
}

async function newUser({ name, email, password }: AcceptInviteInput) {
  if ((email == null) !== (password == null))
    throw badInput("password", "email and password go together: give both, or neither.");
  return {
    id: newId("usr"),
    name: cleanText("name", name, { min: 1, max: 100 }),
    email: email == null ? null : cleanEmail(email),
    passwordHash: password == null ? null : await hashPassword(password),
  };
}

async function use(client: ClientBase, { id }: FoundInvite, userId: string): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE invite SET used_at = now(), used_by = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL",
    [id, userId],
  );
  if (rowCount === 0)
    throw new AppError("NOT_FOUND", "This invite was used a moment ago. Ask whoever sent it for a new one.", {
      field: "id",
    });
}

async function join(client: ClientBase, { projectId, role }: FoundInvite, userId: string): Promise<void> {
  const { rowCount } = await client.query(
    "INSERT INTO membership (project_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [projectId, userId, role],
  );
  if (rowCount === 0)
    throw new AppError("CONFLICT", "You belong to this project already. An owner can change your role there.", {
      field: "id",
    });
}
