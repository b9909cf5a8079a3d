import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import { projectsWith } from "../../access.js";
import { Allow, requireScopeIn } from "../../allow.js";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { checkPageSize, decodeCursor, type Page, pageOf } from "../../page.js";
import { loadProject } from "../project/project.loader.js";
import { AuditEvent, AuditLog } from "./audit.type.js";

@Resolver()
export class AuditResolver {
  @Allow("MANAGE")
  @Query(() => AuditLog, {
    description:
      "The newest first. Of a project for its members and owners; without one, of everything, for whoever runs the server.",
  })
  async auditLog(
    @Arg("project", () => String, { nullable: true }) slug: string | null | undefined,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<AuditLog> {
    if (slug == null) {
      // Whoever may see every project, and only they.
      if (projectsWith(context.viewer, "MANAGE") !== null)
        throw new AppError("FORBIDDEN", "Name a project: only whoever runs the server reads the log of all of them.");
      return readAuditLog(context, null, first, after ?? null);
    }
    const { id } = await loadProject(context, slug);
    requireScopeIn(context.viewer, id, "MANAGE", "The audit log");
    return readAuditLog(context, id, first, after ?? null);
  }
}

async function readAuditLog(
  { pool }: Context,
  projectId: string | null,
  first: number,
  after: string | null,
): Promise<Page<AuditEvent>> {
  const { rows } = await pool.query<AuditEvent>(
    `SELECT id::text, at, action, actor_name AS "actorName", actor_kind AS "actorKind", actor_id AS "actorId",
            object_ids AS "objectIds", address, request_id AS "requestId"
     FROM audit_event
     WHERE ($1::text IS NULL OR project_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY audit_event.id DESC LIMIT $3`,
    [projectId, after ? idOf(after) : null, checkPageSize(first) + 1],
  );
  return pageOf(rows, first, (event) => [event.id]);
}

function idOf(after: string): string {
  const [id] = decodeCursor(after, 1);
  return /^\d{1,18}$/.test(String(id)) ? String(id) : "0";
}
