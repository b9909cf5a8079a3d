import { timingSafeEqual } from "node:crypto";
import type { DataSource } from "typeorm";
import type { AttemptLimit } from "../../attempt-limit.js";
import { AppError } from "../../errors.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { ShareViewer } from "../../viewer.js";
import { Anonymizer } from "./anonymizer.js";
import { identifyingWords } from "./identifying-words.js";
import { checkLinkPassword } from "./link-password.js";
import { mayShare } from "./may-share.js";
import { grantOf } from "./share-grant.js";
import { ShareLink } from "./share-link.entity.js";

const SESSION_HOURS = 12;

export interface OpenedShareSession {
  readonly token: string;
  readonly viewer: ShareViewer;
  readonly link: ShareLink;
}

export function sharePrincipal(linkId: string): string {
  return `share:${linkId}`;
}

/**
 * The open link whose secret this is. A wrong secret, an unknown link, one that expired and one that was revoked are all the same NOT_FOUND: the
 * answer tells nobody which links there are.
 */
export async function findLinkBySecret(db: DataSource, id: string, secret: string): Promise<ShareLink> {
  const link = await db.getRepository(ShareLink).findOneBy({ id });
  // Compared also where there is no link, so that it takes as long.
  const isRight = timingSafeEqual(link?.secretHash ?? hashSecret(""), hashSecret(secret));
  if (!link || !isRight || !(await isOpen(db, link))) throw noLink("id");
  return link;
}

/** The open link whose embedded view has this key in its address. NOT_FOUND as for secrets. */
export async function findLinkByEmbedKey(db: DataSource, key: string): Promise<ShareLink> {
  const link = await db.getRepository(ShareLink).findOneBy({ embedHash: hashSecret(key) });
  if (!link || !(await isOpen(db, link))) throw noLink("key");
  return link;
}

/**
 * Makes a session of at most 12 hours for whoever brought the link, and its password where it has one (UNAUTHENTICATED with the field `password`, and
 * RATE_LIMITED for who guesses).
 */
export async function openShareSession(
  db: DataSource,
  limit: AttemptLimit,
  link: ShareLink,
  password: string | null | undefined,
): Promise<OpenedShareSession> {
  await checkLinkPassword(limit, link, password);
  const token = newSecret();
  // A password that was set since the look above lets nobody in by the old one: the row is locked here, as it is there.
  const [session]: { expires_at: Date; views: number }[] = await db.query(
    `WITH seen AS (
       UPDATE share_link SET views = views + 1 WHERE id = $2 AND password_hash IS NOT DISTINCT FROM $4 RETURNING id, views, expires_at
     ), opened AS (
       INSERT INTO share_session (token_hash, link_id, expires_at)
       SELECT $1, id, LEAST(now() + make_interval(hours => $3), expires_at) FROM seen RETURNING link_id, expires_at
     ) SELECT opened.expires_at, seen.views FROM opened JOIN seen ON seen.id = opened.link_id`,
    [hashSecret(token), link.id, SESSION_HOURS, link.passwordHash],
  );
  if (!session) throw noLink("id");
  await db.query("DELETE FROM share_session WHERE expires_at < now()");
  return {
    token,
    viewer: await viewerOf(db, link, session.expires_at),
    link: Object.assign(link, { views: session.views }),
  };
}

/** The holder of a share session; null when it, or its link, has ended. */
export async function viewerOfShareSession(db: DataSource, token: string): Promise<ShareViewer | null> {
  const [session]: { link_id: string; expires_at: Date }[] = await db.query(
    "SELECT link_id, expires_at FROM share_session WHERE token_hash = $1 AND expires_at > now()",
    [hashSecret(token)],
  );
  const link = session && (await db.getRepository(ShareLink).findOneBy({ id: session.link_id }));
  return link && (await isOpen(db, link)) ? viewerOf(db, link, session.expires_at) : null;
}

async function isOpen(db: DataSource, link: ShareLink): Promise<boolean> {
  if (link.revokedAt || (link.expiresAt && link.expiresAt <= new Date())) return false;
  if (link.createdBy === null) return true;
  const [maker]: { may: boolean }[] = await db.query(`SELECT ${mayShare("$1", "$2")} AS may`, [
    link.createdBy,
    link.projectId,
  ]);
  return maker!.may;
}

/** What takes the names out of what an anonymous link shows; null for any other. */
export async function anonymizerOf(db: DataSource, link: ShareLink): Promise<Anonymizer | null> {
  return link.isAnonymous ? new Anonymizer(await identifyingWords(db, link), link.secretHash) : null;
}

async function viewerOf(db: DataSource, link: ShareLink, expiresAt: Date): Promise<ShareViewer> {
  const share = grantOf(link, await anonymizerOf(db, link));
  return {
    kind: "SHARE_LINK",
    id: link.id,
    name: share.presentText(link.label) || "Shared link",
    principal: sharePrincipal(link.id),
    expiresAt,
    scopes: [],
    share,
  };
}

function noLink(field: string): AppError {
  return new AppError(
    "NOT_FOUND",
    "This link does not exist, or it was withdrawn or has expired. Ask whoever sent it for a new one.",
    { field },
  );
}
