import type { GraphQLField, GraphQLSchema } from "graphql";
import { Extensions } from "type-graphql";
import { accessTo, permits } from "./access.js";
import type { Context } from "./context.js";
import { AppError } from "./errors.js";
import { recordAudit } from "./modules/audit/record-audit.js";
import type { MemberViewer, Scope, Viewer } from "./viewer.js";

/**
 * PUBLIC: whoever asks. SHARED: the holder of a share link too; what it covers is checked where runs and experiments are loaded. OWNER: a person
 * who owns the project, or runs the server. SIGNED_IN: any person, for what belongs to that person alone.
 */
export type Permission = Scope | "PUBLIC" | "SHARED" | "OWNER" | "SIGNED_IN";

/** Declares who may use a root field; one of the permissions is enough. Every root field must have it: see `enforcePermissions`. */
export function Allow(...permissions: [Permission, ...Permission[]]): MethodDecorator {
  return Extensions({ allow: permissions }) as MethodDecorator;
}

/** Guards every root field by what it declared. Throws when one declares nothing, so that no server starts with an open field. */
export function enforcePermissions(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) guard(`${type?.name}.${field.name}`, field);
  }
  return schema;
}

/**
 * For fields that lead from what a mutation returned to everything else: a key that may only log or work must not read a
 * project by way of its own run. Share links are checked where runs and experiments are loaded.
 */
export function requireRead(viewer: Viewer | null, fieldName: string): void {
  if (viewer?.kind !== "SHARE_LINK") checkPermission(viewer, ["READ"], fieldName);
}

/** Throws FORBIDDEN for a viewer without the scope, and for share links. */
export function requireScope(viewer: Viewer | null, scope: Scope, what: string): void {
  checkPermission(viewer, [scope], what);
}

/** For what a root field does to some objects only: throws FORBIDDEN for a viewer without the scope in their project. */
export function requireScopeIn(viewer: Viewer | null, projectId: string, scope: Scope, what: string): void {
  requireScope(viewer, scope, what);
  if (!accessTo(viewer, projectId)?.scopes.includes(scope))
    throw new AppError("FORBIDDEN", `${what} needs the scope ${scope} in its project. Ask an owner of the project.`);
}

function guard(name: string, field: GraphQLField<unknown, Context>): void {
  const allowed = field.extensions.allow as Permission[] | undefined;
  if (!allowed) throw new Error(`${name} does not declare who may use it; add @Allow(…) to its resolver`);
  const entry = field.subscribe ? "subscribe" : "resolve";
  const inner = field[entry];
  if (!inner) throw new Error(`${name} has no resolver`);
  const isChange = name.startsWith("Mutation.") && !allowed.includes("PUBLIC");
  // What scripts and workers write all the time is the history itself.
  const isDeed = isChange && !allowed.includes("LOG") && !allowed.includes("WORK");
  field[entry] = (source, args, context, info) => {
    checkPermission(context.viewer, allowed, field.name);
    if (!isChange) return inner(source, args, context, info);
    // What the field loads must allow in its own project what the field does: see access.ts. Fields below it only look.
    const own: Context = Object.create(context, { needs: { value: allowed }, loaded: { value: isDeed ? [] : null } });
    return isDeed ? recorded(field.name, own, () => inner(source, args, own, info)) : inner(source, args, own, info);
  };
}

/** Does what a field does and then writes who has done it to what. */
async function recorded(action: string, context: Context, act: () => unknown): Promise<unknown> {
  const result = await act();
  const loaded = context.loaded ?? [];
  const madeId = (result as { id?: unknown } | null)?.id;
  const objectIds = [...loaded.map(({ id }) => id), ...(typeof madeId === "string" ? [madeId] : [])];
  await recordAudit(context, { action, projectId: loaded[0]?.projectId ?? null, objectIds });
  return result;
}

/** Throws UNAUTHENTICATED or FORBIDDEN for a viewer who may do none of what is allowed. */
export function checkPermission(viewer: Viewer | null, allowed: readonly Permission[], fieldName: string): void {
  if (allowed.includes("PUBLIC")) return;
  if (!viewer) {
    throw new AppError(
      "UNAUTHENTICATED",
      `${fieldName} needs somebody who is signed in, or an API key. Sign in, or send the header "Authorization: Bearer res_…".`,
    );
  }
  if (viewer.kind === "SHARE_LINK" ? allowed.includes("SHARED") : mayDoSomewhere(viewer, allowed)) return;
  const scopes = allowed.filter((permission) => permission !== "SHARED").join(" or ");
  throw new AppError(
    "FORBIDDEN",
    viewer.kind === "SHARE_LINK"
      ? `A share link lets you look at what it shows, and nothing else; ${fieldName} is not part of it.`
      : `${fieldName} needs the scope ${scopes}; ${JSON.stringify(viewer.name)} has ${viewer.scopes.join(", ") || "none"}.`,
  );
}

function mayDoSomewhere(viewer: MemberViewer, allowed: readonly Permission[]): boolean {
  const everywhere = viewer.projects ?? new Map([["", { role: "OWNER", scopes: viewer.scopes } as const]]);
  // Who belongs to no project (any more) may still ask which ones there are.
  if (viewer.kind !== "API_KEY" && (allowed.includes("READ") || allowed.includes("SIGNED_IN"))) return true;
  return [...everywhere.values()].some((access) => allowed.some((permission) => permits(viewer, access, permission)));
}
