import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from "type-graphql";
import { accessTo } from "../../access.js";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import { sessionCookie } from "../../cookies.js";
import type { MemberViewer, Viewer } from "../../viewer.js";
import { recordAudit } from "../audit/record-audit.js";
import { Project } from "../project/project.entity.js";
import { loadProject } from "../project/project.loader.js";
import { CreateApiKeyInput, CreatedApiKey, SignInInput } from "./account.input.js";
import { ApiKey } from "./api-key.entity.js";
import { createApiKey, listApiKeys, loadApiKey, revokeApiKey } from "./api-key.js";
import { signIn, signOut } from "./session.js";
import { apiKeyPrincipal } from "./user.js";
import { ViewerType } from "./viewer.type.js";

@Resolver(() => ViewerType)
export class AccountResolver {
  @Allow("PUBLIC")
  @Query(() => ViewerType, { nullable: true })
  viewer(@Ctx() context: Context): Viewer | null {
    return context.viewer;
  }

  @Allow("PUBLIC")
  @Query(() => String, {
    nullable: true,
    description: "What the button to the OpenID Connect provider says; null where none is configured.",
  })
  signInProvider(@Ctx() { env }: Context): string | null {
    return env.RESIDUAL_OIDC_ISSUER === undefined ? null : env.RESIDUAL_OIDC_NAME;
  }

  @FieldResolver(() => [ApiKey])
  apiKeys(@Root() viewer: Viewer, @Ctx() { db }: Context): Promise<ApiKey[]> {
    return listApiKeys(db, viewer);
  }

  @Allow("PUBLIC")
  @Mutation(() => ViewerType)
  async signIn(@Arg("input", () => SignInInput) input: SignInInput, @Ctx() context: Context): Promise<Viewer> {
    const { token, viewer } = await context.attempts.signIn.present(context.address, () =>
      signIn(context.db, context.env.RESIDUAL_OWNER_TOKEN, input.token, context.userAgent),
    );
    context.setCookie(sessionCookie, token, viewer.expiresAt ?? undefined);
    await recordAudit(context, { action: "signIn", projectId: null, objectIds: [] }, viewer);
    return viewer;
  }

  @Allow("PUBLIC")
  @Mutation(() => Boolean)
  async signOut(@Ctx() context: Context): Promise<boolean> {
    const ended = context.sessionToken && (await signOut(context.db, context.sessionToken));
    if (ended) context.events.accessRevoked(ended);
    context.setCookie(sessionCookie, null);
    return true;
  }

  @Allow("MANAGE")
  @Mutation(() => CreatedApiKey)
  async createApiKey(
    @Arg("input", () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() context: Context,
  ): Promise<CreatedApiKey> {
    const project = input.project == null ? null : await loadProject(context, input.project);
    return createApiKey(context.db, context.viewer as MemberViewer, project?.id ?? null, input);
  }

  @Allow("MANAGE")
  @Mutation(() => ApiKey)
  async revokeApiKey(@Arg("id", () => ID) id: string, @Ctx() context: Context): Promise<ApiKey> {
    const apiKey = await revokeApiKey(context.db, await loadApiKey(context, id));
    context.events.accessRevoked(apiKeyPrincipal(id));
    return apiKey;
  }
}

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @FieldResolver(() => Project, {
    nullable: true,
    description: "Where it works; null: in all that its maker belongs to.",
  })
  project(@Root() { projectId }: ApiKey, @Ctx() context: Context): Promise<Project | null> | null {
    // Its maker may have left the project: then it opens nothing any more, and there is nothing to show.
    return projectId !== null && accessTo(context.viewer, projectId) ? loadProject(context, projectId) : null;
  }
}
