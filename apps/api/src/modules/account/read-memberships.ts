import { scopesOfRole } from "../../access.js";
import type { ProjectAccess, Role, Scope } from "../../viewer.js";

export type MembershipRow = { project: string; role: Role };

/** A column of a statement about app_user u: the projects that the user belongs to, each with its role. */
export const membershipsColumn = `coalesce((SELECT json_agg(json_build_object('project', m.project_id, 'role', m.role))
  FROM membership m WHERE m.user_id = u.id), '[]') AS memberships`;

/** What somebody may do in their projects; `scopes`: no more than these, as a key has them; `only`: nowhere but in this project. */
export function accessOf(
  memberships: readonly MembershipRow[],
  { scopes, only = null }: { scopes: readonly Scope[]; only?: string | null },
): Map<string, ProjectAccess> {
  return new Map(
    memberships
      .filter(({ project }) => only === null || project === only)
      .map(({ project, role }) => [
        project,
        { role, scopes: scopesOfRole[role].filter((scope) => scopes.includes(scope)) },
      ]),
  );
}

/** Everything that is allowed in some of the projects. */
export function scopesAnywhere(projects: ReadonlyMap<string, ProjectAccess>): Scope[] {
  return [...new Set([...projects.values()].flatMap(({ scopes }) => scopes))];
}
