import type { GraphQLField, GraphQLSchema } from "graphql";
import { Extensions } from "type-graphql";
import type { Context } from "./context.js";
import { AppError } from "./errors.js";
import type { Scope, Viewer } from "./viewer.js";

/** PUBLIC: whoever asks. SHARED: the holder of a share link too; what it covers is checked where runs and experiments are loaded. */
export type Permission = Scope | "PUBLIC" | "SHARED";

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

/** For what a root field does to some objects only: throws FORBIDDEN for a viewer without the scope. */
export function requireScope(viewer: Viewer | null, scope: Scope, what: string): void {
  checkPermission(viewer, [scope], what);
}

function guard(name: string, field: GraphQLField<unknown, Context>): void {
  const allowed = field.extensions.allow as Permission[] | undefined;
  if (!allowed) throw new Error(`${name} does not declare who may use it; add @Allow(…) to its resolver`);
  const entry = field.subscribe ? "subscribe" : "resolve";
  const inner = field[entry];
  if (!inner) throw new Error(`${name} has no resolver`);
  field[entry] = (source, args, context, info) => {
    checkPermission(context.viewer, allowed, field.name);
    return inner(source, args, context, info);
  };
}

function checkPermission(viewer: Viewer | null, allowed: Permission[], fieldName: string): void {
  if (allowed.includes("PUBLIC")) return;
  if (!viewer) {
    throw new AppError(
      "UNAUTHENTICATED",
      `${fieldName} needs a signed-in owner or an API key. Sign in, or send the header "Authorization: Bearer res_…".`,
    );
  }
  if (
    viewer.kind === "SHARE_LINK" ? allowed.includes("SHARED") : viewer.scopes.some((scope) => allowed.includes(scope))
  )
    return;
  const scopes = allowed.filter((permission) => permission !== "SHARED").join(" or ");
  throw new AppError(
    "FORBIDDEN",
    viewer.kind === "SHARE_LINK"
      ? `A share link lets you look at what it shows, and nothing else; ${fieldName} is not part of it.`
      : `${fieldName} needs the scope ${scopes}; ${JSON.stringify(viewer.name)} has ${viewer.scopes.join(", ") || "none"}.`,
  );
}
