import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { accessTo, permits } from "../../access.js";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { sessionCookie } from "../../cookies.js";
import { AppError } from "../../errors.js";
import { type MemberViewer, Role, type Viewer } from "../../viewer.js";
import { listProjectKeys } from "../account/list-project-keys.js";
import { ProjectKey } from "../account/project-key.type.js";
import { ViewerType } from "../account/viewer.type.js";
import { recordAudit } from "../audit/record-audit.js";
import { Project } from "../project/project.entity.js";
import { loadProject } from "../project/project.loader.js";
import { acceptInvite } from "./accept-invite.js";
import { createInvite, createSignInLink, findInvite, listInvites, projectOfInvite, revokeInvite } from "./invite.js";
import {
  AcceptInviteInput,
  CreatedInvite,
  CreateInviteInput,
  Invite,
  InviteInput,
  Member,
  OpenInvite,
} from "./member.type.js";
import { listMembers, setRole } from "./members.js";

/** People in a project. No API key gets at them: people are the business of people. */
@Resolver(() => Project)
export class MemberResolver {
  @FieldResolver(() => Role, { description: "What the viewer is in it." })
  viewerRole(@Root() project: Project, @Ctx() { viewer }: Context): Role {
    return accessTo(viewer, project.id)!.role;
  }

  @FieldResolver(() => [Member], { description: "Empty for API keys." })
  async members(@Root() project: Project, @Ctx() { pool, viewer }: Context): Promise<Member[]> {
    if (viewer?.kind === "API_KEY") return [];
    const members = await listMembers(pool, project.id);
    return isOwner(viewer, project) ? members : members.map((member) => ({ ...member, email: null }));
  }

  @FieldResolver(() => [Invite], {
    description: "Those that still open something, for owners; empty for anybody else.",
  })
  async invites(@Root() project: Project, @Ctx() { pool, viewer }: Context): Promise<Invite[]> {
    return isOwner(viewer, project) ? listInvites(pool, project.id) : [];
  }

  @FieldResolver(() => [ProjectKey], {
    description:
      "The keys that were made for it and those of its people for all of theirs, for owners, who may revoke the former; empty for anybody else.",
  })
  async apiKeys(@Root() project: Project, @Ctx() { db, viewer }: Context): Promise<ProjectKey[]> {
    return isOwner(viewer, project) ? listProjectKeys(db, project.id) : [];
  }

  @Allow("OWNER")
  @Mutation(() => CreatedInvite)
  async createInvite(
    @Arg("input", () => CreateInviteInput) input: CreateInviteInput,
    @Ctx() context: Context,
  ): Promise<CreatedInvite> {
    const project = await loadProject(context, input.project);
    return createInvite(context.pool, project, (context.viewer as MemberViewer).userId!, input);
  }

  @Allow("OWNER")
  @Mutation(() => Boolean)
  async revokeInvite(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<boolean> {
    await loadProject(context, await projectOfInvite(context.pool, id));
    await revokeInvite(context.pool, id);
    return true;
  }

  @Allow("OWNER")
  @Mutation(() => Project)
  async setMemberRole(
    @Arg("project", () => String) slug: string,
    @Arg("user", () => ID) userId: string,
    @Arg("role", () => Role) role: Role,
    @Ctx() context: Context,
  ): Promise<Project> {
    const project = await loadProject(context, slug);
    await setRole(context, project, userId, role);
    return project;
  }

  @Allow("OWNER")
  @Mutation(() => Project, {
    description: "Ends at once what their sessions, keys and share links show of the project.",
  })
  async removeMember(
    @Arg("project", () => String) slug: string,
    @Arg("user", () => ID) userId: string,
    @Ctx() context: Context,
  ): Promise<Project> {
    const project = await loadProject(context, slug);
    await setRole(context, project, userId, null);
    return project;
  }

  @Allow("SIGNED_IN")
  @Mutation(() => Boolean)
  async leaveProject(@Arg("project", () => String) slug: string, @Ctx() context: Context): Promise<boolean> {
    const project = await loadProject(context, slug);
    await setRole(context, project, (context.viewer as MemberViewer).userId!, null);
    return true;
  }

  @Allow("OWNER")
  @Mutation(() => CreatedInvite, {
    description:
      "A link by which a user signs in once, within a day. For whoever runs the server: it opens all that the user sees.",
  })
  async createSignInLink(@Arg("user", () => ID) userId: string, @Ctx() context: Context): Promise<CreatedInvite> {
    const { viewer } = context;
    if (viewer?.kind !== "OWNER")
      throw new AppError("FORBIDDEN", "Only whoever runs the server makes sign-in links. Ask them.");
    return createSignInLink(context.pool, userId, viewer.userId!);
  }

  @Allow("PUBLIC")
  @Query(() => OpenInvite, { description: "What an invite opens, before it is used." })
  invite(@Arg("input", () => InviteInput) { id, secret }: InviteInput, @Ctx() context: Context): Promise<OpenInvite> {
    return context.attempts.invite.present(context.address, () => findInvite(context.pool, id, secret));
  }

  @Allow("PUBLIC")
  @Mutation(() => ViewerType, { description: "Uses an invite, and signs in whoever is not." })
  async acceptInvite(
    @Arg("input", () => AcceptInviteInput) input: AcceptInviteInput,
    @Ctx() context: Context,
  ): Promise<Viewer> {
    const { invite, session } = await context.attempts.invite.present(context.address, () =>
      acceptInvite(context, input),
    );
    const viewer = session?.viewer ?? context.viewer!;
    if (session) context.setCookie(sessionCookie, session.token, viewer.expiresAt ?? undefined);
    const deed = { action: "acceptInvite", projectId: invite.projectId, objectIds: [invite.id] };
    await recordAudit(context, deed, viewer);
    return viewer;
  }
}

function isOwner(viewer: Viewer | null, project: Project): boolean {
  const access = accessTo(viewer, project.id);
  return access !== null && permits(viewer!, access, "OWNER");
}
