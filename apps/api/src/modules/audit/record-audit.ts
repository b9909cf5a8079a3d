import type { Context } from "../../context.js";
import type { Viewer } from "../../viewer.js";

export interface Deed {
  /** The mutation's name. */
  action: string;
  projectId: string | null;
  objectIds: readonly string[];
}

const mostIds = 100;

/** Adds to the audit log that a viewer (the one who asks, where no other is named) has done something. Never what the arguments were: they may be secret. */
export async function recordAudit(context: Context, deed: Deed, actor: Viewer | null = context.viewer): Promise<void> {
  await context.pool.query(
    `INSERT INTO audit_event (project_id, actor_kind, actor_id, actor_name, action, object_ids, address, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      deed.projectId,
      actor?.kind ?? "NOBODY",
      actor?.id ?? "",
      actor?.name ?? "",
      deed.action,
      [...new Set(deed.objectIds)].slice(0, mostIds),
      context.address,
      context.requestId,
    ],
  );
}
