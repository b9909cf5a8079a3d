import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { deviceCookie, sessionCookie } from "../../cookies.js";
import type { MemberViewer, Viewer } from "../../viewer.js";
import { recordAudit } from "../audit/record-audit.js";
import { setPassword, signInWithPassword } from "./password.js";
import { endSessions, listSessions, UserSession } from "./user-session.js";
import { ViewerType } from "./viewer.type.js";

const deviceDays = 365;

@InputType()
export class PasswordSignInInput {
  @Field(() => String)
  email: string;

  @Field(() => String)
  password: string;
}

@InputType()
export class SetPasswordInput {
  @Field(() => String, { description: "To sign in with; nothing is sent to it." })
  email: string;

  @Field(() => String, { description: "12 to 256 characters." })
  password: string;

  @Field(() => String, { nullable: true, description: "The present one, where there is one." })
  current?: string | null;
}

/** Where somebody is signed in, and by which password. */
@Resolver(() => ViewerType)
export class SessionResolver {
  @FieldResolver(() => String, { nullable: true, description: "The address to sign in with; null without a password." })
  async email(@Root() viewer: Viewer, @Ctx() { pool }: Context): Promise<string | null> {
    if (!isPerson(viewer)) return null;
    const { rows } = await pool.query<{ email: string | null }>("SELECT email FROM app_user WHERE id = $1", [
      viewer.userId,
    ]);
    return rows[0]?.email ?? null;
  }

  @FieldResolver(() => [UserSession])
  async sessions(@Root() viewer: Viewer, @Ctx() { db }: Context): Promise<UserSession[]> {
    return isPerson(viewer) ? listSessions(db, viewer.userId!, viewer.principal) : [];
  }

  @Allow("PUBLIC")
  @Mutation(() => ViewerType)
  async signInWithPassword(
    @Arg("input", () => PasswordSignInInput) input: PasswordSignInInput,
    @Ctx() context: Context,
  ): Promise<Viewer> {
    const { db, attempts, device, userAgent } = context;
    const { token, viewer, newDevice } = await signInWithPassword(db, attempts.password, input, { device, userAgent });
    context.setCookie(sessionCookie, token, viewer.expiresAt ?? undefined);
    if (newDevice) context.setCookie(deviceCookie, newDevice, new Date(Date.now() + deviceDays * 86_400_000));
    await recordAudit(context, { action: "signInWithPassword", projectId: null, objectIds: [] }, viewer);
    return viewer;
  }

  @Allow("SIGNED_IN")
  @Mutation(() => ViewerType, { description: "Signs out everywhere else." })
  async setPassword(
    @Arg("input", () => SetPasswordInput) input: SetPasswordInput,
    @Ctx() context: Context,
  ): Promise<Viewer> {
    const viewer = context.viewer as MemberViewer;
    await setPassword(context.db, context.attempts.password, viewer.userId!, input);
    const ended = await endSessions(context.db, viewer.userId!, { butOf: viewer.principal });
    for (const principal of ended) context.events.accessRevoked(principal);
    return viewer;
  }

  @Allow("SIGNED_IN")
  @Mutation(() => Boolean)
  async revokeSession(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<boolean> {
    const { db, events, viewer } = context;
    for (const principal of await endSessions(db, (viewer as MemberViewer).userId!, { id }))
      events.accessRevoked(principal);
    return true;
  }

  @Allow("SIGNED_IN")
  @Mutation(() => Boolean)
  async revokeOtherSessions(@Ctx() { db, events, viewer }: Context): Promise<boolean> {
    const { userId, principal: butOf } = viewer as MemberViewer;
    for (const principal of await endSessions(db, userId!, { butOf })) events.accessRevoked(principal);
    return true;
  }
}

function isPerson(viewer: Viewer): viewer is MemberViewer {
  return viewer.kind === "OWNER" || viewer.kind === "USER";
}
