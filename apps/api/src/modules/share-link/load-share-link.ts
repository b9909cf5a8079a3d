import { accessTo } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { ShareLink } from "./share-link.entity.js";

/** The link with this id where the viewer may make and withdraw links of its project; NOT_FOUND for any other. */
export async function loadShareLink({ db, viewer, loaded }: Context, id: string): Promise<ShareLink> {
  const link = await db.getRepository(ShareLink).findOneBy({ id });
  if (!link || !accessTo(viewer, link.projectId)?.scopes.includes("MANAGE")) throw notFound("share link", id);
  loaded?.push(link);
  return link;
}
