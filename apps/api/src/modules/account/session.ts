import { timingSafeEqual } from "node:crypto";
import type { DataSource } from "typeorm";
import { allScopes } from "../../access.js";
import { AppError } from "../../errors.js";
import { newId } from "../../ids.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { MemberViewer } from "../../viewer.js";
import { accessOf, type MembershipRow, membershipsColumn, scopesAnywhere } from "./read-memberships.js";
import { operatorId, sessionPrincipal } from "./user.js";

/** A session ends after so long, and earlier when it is not used. */
export const sessionLifetime = { days: 30, idleDays: 7 } as const;
/** A token is replaced after a day; it stays good for a minute after its successor was first used, for requests that were under way. */
const rotateAfterMs = 24 * 3_600_000;
const graceSeconds = 60;
/** To the minute is enough, as for keys. */
const seenSeconds = 60;

export interface OpenedSession {
  /** For the cookie only. */
  token: string;
  viewer: MemberViewer;
}

export interface FoundSession {
  viewer: MemberViewer;
  /** The token is old: a successor is to be sent. */
  isDue: boolean;
}

/** Opens a session for whoever knows the token that the server printed; throws UNAUTHENTICATED for any other. */
export async function signIn(
  db: DataSource,
  ownerToken: string | undefined,
  token: string,
  userAgent: string,
): Promise<OpenedSession> {
  // Comparing the hashes takes as long for a near miss as for any other text.
  if (!ownerToken || !timingSafeEqual(hashSecret(ownerToken), hashSecret(token))) {
    throw new AppError(
      "UNAUTHENTICATED",
      "This sign-in link is not valid (any more). Open the one that npm start printed last.",
      { field: "token" },
    );
  }
  return openSession(db, operatorId, userAgent);
}

/** A new session of a user, with a token that nobody had before. */
export async function openSession(db: DataSource, userId: string, userAgent: string): Promise<OpenedSession> {
  const token = newSecret();
  await db.query(
    `INSERT INTO session (id, user_id, token_hash, user_agent, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))`,
    [newId("ses"), userId, hashSecret(token), userAgent.slice(0, 300), sessionLifetime.days],
  );
  await db.query("DELETE FROM session WHERE expires_at < now()");
  return { token, viewer: (await viewerOfSession(db, token))!.viewer };
}

type SessionRow = {
  id: string;
  expires_at: Date;
  issued_at: Date;
  is_next: boolean;
  is_seen: boolean;
  user_id: string;
  name: string;
  is_operator: boolean;
  memberships: MembershipRow[];
};

/** The user whose browser holds this session, or null when it has ended. */
export async function viewerOfSession(db: DataSource, token: string): Promise<FoundSession | null> {
  const hash = hashSecret(token);
  const [row]: SessionRow[] = await db.query(
    `SELECT s.id, s.expires_at, s.issued_at, s.next_hash = $1 AS is_next,
            s.last_seen_at > now() - make_interval(secs => $2) AS is_seen,
            u.id AS user_id, u.name, u.is_operator, ${membershipsColumn}
     FROM session s JOIN app_user u ON u.id = s.user_id
     WHERE (s.token_hash = $1 OR s.next_hash = $1 OR (s.previous_hash = $1 AND s.previous_until > now()))
       AND s.expires_at > now() AND s.last_seen_at > now() - make_interval(days => $3)`,
    [hash, seenSeconds, sessionLifetime.idleDays],
  );
  if (!row) return null;
  if (row.is_next) await adopt(db, row.id, hash);
  else if (!row.is_seen) await db.query("UPDATE session SET last_seen_at = now() WHERE id = $1", [row.id]);
  return { viewer: viewerOf(row), isDue: !row.is_next && Date.now() - row.issued_at.getTime() > rotateAfterMs };
}

/**
 * Gives a session a successor of its token, which replaces it when it first comes back: an answer that got lost signs nobody out. null where
 * another request has just done so: of two cookies the browser keeps whichever comes last.
 */
export async function rotateSession(db: DataSource, principal: string): Promise<string | null> {
  const token = newSecret();
  const [, offered]: [unknown, number] = await db.query(
    `UPDATE session SET next_hash = $2, next_at = now()
     WHERE id = $1 AND (next_at IS NULL OR next_at < now() - make_interval(secs => $3))`,
    [principal.slice("session:".length), hashSecret(token), graceSeconds],
  );
  return offered === 1 ? token : null;
}

async function adopt(db: DataSource, id: string, nextHash: Buffer): Promise<void> {
  await db.query(
    `UPDATE session SET previous_hash = token_hash, previous_until = now() + make_interval(secs => $3),
       token_hash = next_hash, next_hash = NULL, issued_at = now(), last_seen_at = now()
     WHERE id = $1 AND next_hash = $2`,
    [id, nextHash, graceSeconds],
  );
}

/** Ends the session of a cookie; returns its principal, whose sockets the caller closes, or null where there was none. */
export async function signOut(db: DataSource, token: string): Promise<string | null> {
  const [ended]: [{ id: string }[], number] = await db.query(
    "DELETE FROM session WHERE token_hash = $1 OR next_hash = $1 OR previous_hash = $1 RETURNING id",
    [hashSecret(token)],
  );
  return ended[0] ? sessionPrincipal(ended[0].id) : null;
}

function viewerOf(row: SessionRow): MemberViewer {
  const projects = row.is_operator ? null : accessOf(row.memberships, { scopes: allScopes });
  return {
    kind: row.is_operator ? "OWNER" : "USER",
    id: row.user_id,
    userId: row.user_id,
    name: row.name,
    principal: sessionPrincipal(row.id),
    expiresAt: row.expires_at,
    scopes: projects ? scopesAnywhere(projects) : [...allScopes],
    projects,
  };
}
