import type { Permission } from "./allow.js";
import type { Context } from "./context.js";
import { AppError, notFound } from "./errors.js";
import { type ProjectAccess, type Role, Scope, type Viewer } from "./viewer.js";

/** What a role may do. A viewer looks, a member works, an owner says who else does. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  VIEWER: ["READ"],
  MEMBER: ["READ", "LOG", "MANAGE"],
  OWNER: ["READ", "LOG", "WORK", "MANAGE"],
};

export const allScopes = Object.keys(Scope) as Scope[];

/** What a viewer may do in a project, or null where it may not even know of it. Share links have a grant of their own, and never this. */
export function accessTo(viewer: Viewer | null, projectId: string): ProjectAccess | null {
  if (!viewer || viewer.kind === "SHARE_LINK") return null;
  if (viewer.projects) return viewer.projects.get(projectId) ?? null;
  return { role: "OWNER", scopes: viewer.scopes };
}

/**
 * Throws for an object of a project where the viewer is nobody, as if it did not exist: NOT_FOUND; and FORBIDDEN where the viewer sees it, but the
 * field that runs declared to need more (context.needs). Share links are checked by their grant before.
 */
export function checkAccess(context: Context, projectId: string, what: string, id: string, field?: string): void {
  const { viewer, needs } = context;
  if (viewer?.kind === "SHARE_LINK") return;
  const access = accessTo(viewer, projectId);
  // A project may have been named by its slug.
  context.loaded?.push({ projectId, id: what === "project" ? projectId : id });
  if (!access) throw notFound(what, id, field);
  if (needs && !needs.some((permission) => permits(viewer!, access, permission)))
    throw new AppError(
      "FORBIDDEN",
      `As ${access.role} of this project, ${JSON.stringify(viewer!.name)} may ${access.scopes.join(", ")} here; this needs ${needs.join(" or ")}. Ask an owner of the project.`,
    );
}

/** Ids of the projects in which a member may do something; null: in all. */
export function projectsWith(viewer: Viewer | null, scope: Scope): string[] | null {
  if (!viewer || viewer.kind === "SHARE_LINK") return [];
  if (!viewer.projects) return viewer.scopes.includes(scope) ? null : [];
  return [...viewer.projects].filter(([, { scopes }]) => scopes.includes(scope)).map(([id]) => id);
}

/** People are the business of people: no key says who belongs to a project. */
export function permits(viewer: Viewer, access: ProjectAccess, permission: Permission): boolean {
  if (permission === "PUBLIC") return true;
  if (permission === "OWNER") return viewer.kind !== "API_KEY" && access.role === "OWNER";
  if (permission === "SIGNED_IN") return viewer.kind !== "API_KEY";
  return permission !== "SHARED" && access.scopes.includes(permission);
}
