import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { accessTo } from "../../access.js";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { shareCookie } from "../../cookies.js";
import { JsonScalar } from "../../scalars/json.js";
import { Comparison } from "../comparison/comparison.type.js";
import { Project } from "../project/project.entity.js";
import { createShareLink } from "./create-share-link.js";
import { setLinkPassword } from "./link-password.js";
import { loadShareLink } from "./load-share-link.js";
import { restoreShareLink } from "./restore-share-link.js";
import { ShareLink } from "./share-link.entity.js";
import {
  CreatedShareLink,
  CreateShareLinkInput,
  OpenEmbeddedLinkInput,
  OpenShareLinkInput,
  SharedView,
} from "./share-link.input.js";
import {
  findLinkByEmbedKey,
  findLinkBySecret,
  type OpenedShareSession,
  openShareSession,
  sharePrincipal,
} from "./share-session.js";
import { sharedComparison, viewShared } from "./shared-view.js";

@Resolver(() => ShareLink)
export class ShareLinkResolver {
  @Allow("MANAGE")
  @Mutation(() => CreatedShareLink)
  createShareLink(
    @Arg("input", () => CreateShareLinkInput) input: CreateShareLinkInput,
    @Ctx() context: Context,
  ): Promise<CreatedShareLink> {
    return createShareLink(context, input);
  }

  @Allow("MANAGE")
  @Mutation(() => ShareLink)
  async revokeShareLink(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<ShareLink> {
    await loadShareLink(context, id);
    await context.db.query("UPDATE share_link SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", [id]);
    context.events.accessRevoked(sharePrincipal(id));
    return loadShareLink(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => ShareLink, {
    description: "Lets a revoked link open again what it showed. Whoever had it open has to open it anew.",
  })
  async restoreShareLink(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<ShareLink> {
    await restoreShareLink(context.pool, await loadShareLink(context, id));
    return loadShareLink(context, id);
  }

  @Allow("MANAGE")
  @Mutation(() => ShareLink, {
    description:
      "Sets a link's password, or with null takes it away. Whoever has the link open has to show the new one.",
  })
  async setShareLinkPassword(
    @Arg("id", () => ID) id: string,
    @Arg("password", () => String, { nullable: true }) password: string | null,
    @Ctx() context: Context,
  ): Promise<ShareLink> {
    await loadShareLink(context, id);
    await setLinkPassword(context.pool, id, password);
    context.events.accessRevoked(sharePrincipal(id));
    return loadShareLink(context, id);
  }

  @FieldResolver(() => Boolean)
  hasPassword(@Root() { passwordHash }: ShareLink): boolean {
    return passwordHash !== null;
  }

  @FieldResolver(() => JsonScalar)
  target(@Root() { scope, runIds, experimentId, baseline }: ShareLink): Record<string, unknown> {
    if (scope === "RUN") return { run: runIds[0] };
    return scope === "EXPERIMENT" ? { experiment: experimentId } : { runs: runIds, baseline };
  }
}

@Resolver(() => SharedView)
export class SharedViewResolver {
  @Allow("PUBLIC")
  @Mutation(() => SharedView, {
    description: "Exchanges the secret of a share link for a share session (a cookie for browsers).",
  })
  async openShareLink(
    @Arg("input", () => OpenShareLinkInput) { id, secret, password, asToken }: OpenShareLinkInput,
    @Ctx() context: Context,
  ): Promise<SharedView> {
    const found = await context.attempts.openShareLink.present(context.address, () =>
      findLinkBySecret(context.db, id, secret),
    );
    const opened = await openShareSession(context.db, context.attempts.sharePassword, found, password);
    if (asToken) return viewWithToken(context, opened);
    const { token, viewer, link } = opened;
    const view = await viewShared(context, viewer, link);
    context.setCookie(shareCookie, token, viewer.expiresAt ?? undefined);
    return view;
  }

  @Allow("PUBLIC")
  @Mutation(() => SharedView, {
    description:
      "Exchanges the key of an embedded view for a share session. In the frames of other sites browsers keep no cookie, so that the answer brings its token.",
  })
  async openEmbeddedLink(
    @Arg("input", () => OpenEmbeddedLinkInput) { key, password }: OpenEmbeddedLinkInput,
    @Ctx() context: Context,
  ): Promise<SharedView> {
    const link = await context.attempts.openShareLink.present(context.address, () =>
      findLinkByEmbedKey(context.db, key),
    );
    const opened = await openShareSession(context.db, context.attempts.sharePassword, link, password);
    return viewWithToken(context, opened);
  }

  @Allow("PUBLIC")
  @Query(() => SharedView, {
    nullable: true,
    description:
      "What the holder of a share link sees. Takes the share session from the cookie or the Authorization header.",
  })
  async shared(@Ctx() context: Context): Promise<SharedView | null> {
    const { share } = context;
    const link = share && (await context.db.getRepository(ShareLink).findOneBy({ id: share.share.linkId }));
    return link ? viewShared(context, share, link) : null;
  }

  @FieldResolver(() => Comparison, { nullable: true })
  comparison(@Root() view: SharedView, @Ctx() context: Context): Promise<Comparison | null> {
    return sharedComparison(context, view);
  }
}

async function viewWithToken(context: Context, { token, viewer, link }: OpenedShareSession): Promise<SharedView> {
  return Object.assign(await viewShared(context, viewer, link), { token });
}

@Resolver(() => Project)
export class ProjectShareLinksResolver {
  /** For whoever may make and withdraw them; the secrets are not in it. */
  @FieldResolver(() => [ShareLink])
  async shareLinks(@Root() project: Project, @Ctx() { db, viewer }: Context): Promise<ShareLink[]> {
    if (!accessTo(viewer, project.id)?.scopes.includes("MANAGE")) return [];
    return db
      .getRepository(ShareLink)
      .find({ where: { projectId: project.id }, order: { createdAt: "DESC", id: "DESC" } });
  }
}
