import { rungCost } from "@residual/shared";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { loadRuns } from "../run/run.loader.js";
import { rungsOf } from "./start-rung.js";
import { Sweep } from "./sweep.type.js";
import { readSweep, type SweepRow, sweepColumns } from "./sweep-row.js";

/** The sweep with this id; NOT_FOUND where there is none that the viewer may see, and for share links. */
export async function loadSweep(context: Context, id: string): Promise<Sweep> {
  const { rows } = await context.pool.query<SweepRow>(`SELECT ${sweepColumns} FROM sweep WHERE id = $1`, [id]);
  if (!rows[0] || context.viewer?.kind === "SHARE_LINK") throw notFound("sweep", id);
  checkAccess(context, rows[0].projectId, "sweep", id);
  return toSweep(context, rows[0]);
}

/** The sweep that a run belongs to; null for any other run. */
export async function sweepOfRun(
  context: Context,
  run: { distKey: number; sweepId: string | null },
): Promise<Sweep | null> {
  const row = run.sweepId ? await readSweep(context.pool, run.distKey, run.sweepId) : null;
  return row && toSweep(context, row);
}

async function toSweep(context: Context, row: SweepRow): Promise<Sweep> {
  const { rows } = await context.pool.query<{ id: string; rung: number }>(
    `SELECT id, sweep_rung AS rung FROM run WHERE dist_key = $1 AND sweep_id = $2 AND trashed_at IS NULL
     ORDER BY sweep_rung, sweep_config, seed`,
    [row.distKey, row.id],
  );
  const runs = await loadRuns(
    context,
    rows.map(({ id }) => id),
  );
  const rungs = rungsOf(row);
  const { id, projectId, distKey, status, createdAt, keepOneIn } = row;
  return Object.assign(new Sweep(), {
    id,
    projectId,
    distKey,
    status,
    createdAt,
    keepOneIn,
    costFactor: rungCost(rungs),
    rungs: rungs.map((rung, i) => ({ ...rung, runs: runs.filter((_, at) => rows[at]!.rung === i) })),
  });
}
