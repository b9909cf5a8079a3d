import type { ClientBase, Pool } from "pg";
import type { Context } from "../../context.js";
import { AppError, notFound } from "../../errors.js";
import { transaction } from "../../transaction.js";
import type { Role } from "../../viewer.js";
import type { Project } from "../project/project.entity.js";
import type { Member } from "./member.type.js";
import { markAccessChanged, tellAccessChanged } from "./tell-access-changed.js";

const columns = `m.user_id AS "userId", u.name, u.email, m.role, m.created_at AS since`;

/** Who belongs to a project, those who came first at the top. */
export async function listMembers(pool: Pool, projectId: string): Promise<Member[]> {
  const { rows } = await pool.query<Member>(
    `SELECT ${columns} FROM membership m JOIN app_user u ON u.id = m.user_id
     WHERE m.project_id = $1 ORDER BY m.created_at, m.user_id`,
    [projectId],
  );
  return rows;
}

/** Gives a member another role, or with null takes them out. NOT_FOUND for nobody of the project, CONFLICT for its last owner. */
export async function setRole(
  { pool, events }: Context,
  project: Project,
  userId: string,
  role: Role | null,
): Promise<void> {
  await transaction(pool, async (client) => {
    // Of two owners who demote each other at once, the second finds itself the last.
    await client.query("SELECT FROM project WHERE id = $1 FOR UPDATE", [project.id]);
    const before = await roleOf(client, project.id, userId);
    if (before === null) throw notFound("member", userId, "user");
    if (before === "OWNER" && role !== "OWNER" && (await ownerCount(client, project.id)) === 1)
      throw new AppError("CONFLICT", "This is the last owner of the project. Make somebody else an owner first.", {
        field: "user",
      });
    if (role === null)
      await client.query("DELETE FROM membership WHERE project_id = $1 AND user_id = $2", [project.id, userId]);
    else
      await client.query("UPDATE membership SET role = $3 WHERE project_id = $1 AND user_id = $2", [
        project.id,
        userId,
        role,
      ]);
    await markAccessChanged(client, userId);
  });
  await tellAccessChanged(pool, events, userId);
}

async function roleOf(client: ClientBase, projectId: string, userId: string): Promise<Role | null> {
  const { rows } = await client.query<{ role: Role }>(
    "SELECT role FROM membership WHERE project_id = $1 AND user_id = $2",
    [projectId, userId],
  );
  return rows[0]?.role ?? null;
}

async function ownerCount(client: ClientBase, projectId: string): Promise<number> {
  const { rows } = await client.query<{ owners: number }>(
    "SELECT count(*)::int AS owners FROM membership WHERE project_id = $1 AND role = 'OWNER'",
    [projectId],
  );
  return rows[0]!.owners;
}
