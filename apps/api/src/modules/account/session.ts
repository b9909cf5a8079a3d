import { timingSafeEqual } from "node:crypto";
import type { DataSource } from "typeorm";
import { AppError } from "../../errors.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { MemberViewer } from "../../viewer.js";
import { Session } from "./session.entity.js";

const sessionDays = 30;

/** Opens a session for whoever knows the owner's token; throws UNAUTHENTICATED for any other. The token is for the cookie only. */
export async function signIn(
  db: DataSource,
  ownerToken: string | undefined,
  token: string,
): Promise<{ sessionToken: string; viewer: MemberViewer }> {
  // Comparing the hashes takes as long for a near miss as for any other text.
  if (!ownerToken || !timingSafeEqual(hashSecret(ownerToken), hashSecret(token))) {
    throw new AppError(
      "UNAUTHENTICATED",
      "This sign-in link is not valid (any more). Open the one that npm start printed last.",
      { field: "token" },
    );
  }
  const sessionToken = newSecret();
  const [session] = await db.query(
    `INSERT INTO session (token_hash, expires_at) VALUES ($1, now() + make_interval(days => $2))
     RETURNING token_hash AS "tokenHash", expires_at AS "expiresAt"`,
    [hashSecret(sessionToken), sessionDays],
  );
  await db.query("DELETE FROM session WHERE expires_at < now()");
  return { sessionToken, viewer: ownerOf(session) };
}

/** The owner whose browser holds this session, or null when it has ended. */
export async function viewerOfSession(db: DataSource, sessionToken: string): Promise<MemberViewer | null> {
  const session = await db.getRepository(Session).findOneBy({ tokenHash: hashSecret(sessionToken) });
  return session && session.expiresAt > new Date() ? ownerOf(session) : null;
}

/** Ends the session; returns its principal, whose sockets the caller closes. */
export async function signOut(db: DataSource, sessionToken: string): Promise<string> {
  const tokenHash = hashSecret(sessionToken);
  await db.getRepository(Session).delete({ tokenHash });
  return principalOf(tokenHash);
}

function ownerOf(session: Pick<Session, "tokenHash" | "expiresAt">): MemberViewer {
  return {
    kind: "OWNER",
    id: "owner",
    name: "Owner",
    principal: principalOf(session.tokenHash),
    expiresAt: session.expiresAt,
    scopes: ["READ", "LOG", "WORK", "MANAGE"],
  };
}

function principalOf(tokenHash: Buffer): string {
  return `session:${tokenHash.toString("hex")}`;
}
