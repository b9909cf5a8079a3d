import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { sessionCookie } from "../../cookies.js";
import type { Viewer } from "../../viewer.js";
import { CreateApiKeyInput, CreatedApiKey, SignInInput } from "./account.input.js";
import { ApiKey } from "./api-key.entity.js";
import { apiKeyPrincipal, createApiKey, revokeApiKey } from "./api-key.js";
import { signIn, signOut } from "./session.js";
import { ViewerType } from "./viewer.type.js";

@Resolver(() => ViewerType)
export class AccountResolver {
  @Allow("PUBLIC")
  @Query(() => ViewerType, { nullable: true })
  viewer(@Ctx() context: Context): Viewer | null {
    return context.viewer;
  }

  @FieldResolver(() => [ApiKey])
  async apiKeys(@Root() viewer: Viewer, @Ctx() { db }: Context): Promise<ApiKey[]> {
    return viewer.scopes.includes("MANAGE") ? db.getRepository(ApiKey).find({ order: { id: "ASC" } }) : [];
  }

  @Allow("PUBLIC")
  @Mutation(() => ViewerType)
  async signIn(@Arg("input", () => SignInInput) input: SignInInput, @Ctx() context: Context): Promise<Viewer> {
    const { sessionToken, viewer } = await context.attempts.signIn.guess(context.address, () =>
      signIn(context.db, context.env.RESIDUAL_OWNER_TOKEN, input.token),
    );
    context.setCookie(sessionCookie, sessionToken, viewer.expiresAt ?? undefined);
    return viewer;
  }

  @Allow("PUBLIC")
  @Mutation(() => Boolean)
  async signOut(@Ctx() context: Context): Promise<boolean> {
    if (context.sessionToken) context.events.accessRevoked(await signOut(context.db, context.sessionToken));
    context.setCookie(sessionCookie, null);
    return true;
  }

  @Allow("MANAGE")
  @Mutation(() => CreatedApiKey)
  createApiKey(
    @Arg("input", () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() { db, viewer }: Context,
  ): Promise<CreatedApiKey> {
    return createApiKey(db, viewer!.scopes, input);
  }

  @Allow("MANAGE")
  @Mutation(() => ApiKey)
  async revokeApiKey(@Arg("id", () => ID) id: string, @Ctx() { db, events }: Context): Promise<ApiKey> {
    const apiKey = await revokeApiKey(db, id);
    events.accessRevoked(apiKeyPrincipal(id));
    return apiKey;
  }
}
