import { timingSafeEqual } from "node:crypto";
import type { DataSource } from "typeorm";
import { AppError } from "../../errors.js";
import { hashSecret, newSecret } from "../../secret.js";
import type { ShareViewer } from "../../viewer.js";
import { mayShare } from "./may-share.js";
import { grantOf } from "./share-grant.js";
import { ShareLink } from "./share-link.entity.js";

const SESSION_HOURS = 12;

export function sharePrincipal(linkId: string): string {
  return `share:${linkId}`;
}

/**
 * Exchanges a link's secret for a session of at most 12 hours. A wrong secret, an unknown link, one that expired and one that was revoked are
 * all the same NOT_FOUND: the answer tells nobody which links there are.
 */
export async function openShareSession(
  db: DataSource,
  id: string,
  secret: string,
): Promise<{ token: string; viewer: ShareViewer; link: ShareLink }> {
  const link = await db.getRepository(ShareLink).findOneBy({ id });
  // Compared also where there is no link, so that it takes as long.
  const isRight = timingSafeEqual(link?.secretHash ?? hashSecret(""), hashSecret(secret));
  if (!link || !isRight || !(await isOpen(db, link)))
    throw new AppError(
      "NOT_FOUND",
      "This link does not exist, or it was withdrawn or has expired. Ask whoever sent it for a new one.",
      {
        field: "id",
      },
    );
  const token = newSecret();
  const [session] = await db.query(
    `INSERT INTO share_session (token_hash, link_id, expires_at)
     VALUES ($1, $2, LEAST(now() + make_interval(hours => $3), $4::timestamptz)) RETURNING expires_at`,
    [hashSecret(token), id, SESSION_HOURS, link.expiresAt],
  );
  await db.query("DELETE FROM share_session WHERE expires_at < now()");
  await db.query("UPDATE share_link SET views = views + 1 WHERE id = $1", [id]);
  link.views += 1;
  return { token, viewer: viewerOf(link, session.expires_at), link };
}

/** The holder of a share session; null when it, or its link, has ended. */
export async function viewerOfShareSession(db: DataSource, token: string): Promise<ShareViewer | null> {
  const [session]: { link_id: string; expires_at: Date }[] = await db.query(
    "SELECT link_id, expires_at FROM share_session WHERE token_hash = $1 AND expires_at > now()",
    [hashSecret(token)],
  );
  const link = session && (await db.getRepository(ShareLink).findOneBy({ id: session.link_id }));
  return link && (await isOpen(db, link)) ? viewerOf(link, session.expires_at) : null;
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

function viewerOf(link: ShareLink, expiresAt: Date): ShareViewer {
  return {
    kind: "SHARE_LINK",
    id: link.id,
    name: link.label || "Shared link",
    principal: sharePrincipal(link.id),
    expiresAt,
    scopes: [],
    share: grantOf(link),
  };
}
