import type { Pool } from "pg";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import type { Run } from "./run.entity.js";

/** What of a run decides who may write to it and where that goes. None of it ever changes. */
export type RunToLog = Readonly<Pick<Run, "id" | "distKey" | "projectId" | "origin">>;

const MOST_RUNS = 100_000;

/**
 * The runs that were written to lately. What does change of a run (its lease generation, whether it is in the trash or gone) is judged under its
 * lock when a frame is stored.
 */
export class RunsToLog {
  readonly #known = new Map<string, RunToLog>();

  constructor(private readonly pool: Pool) {}

  async find(id: string): Promise<RunToLog | null> {
    const known = this.#known.get(id);
    if (known) return known;
    const { rows } = await this.pool.query<RunToLog>({
      name: "run-to-log",
      text: `SELECT id, dist_key AS "distKey", project_id AS "projectId", origin FROM run WHERE id = $1`,
      values: [id],
    });
    const run = rows[0] ?? null;
    if (this.#known.size >= MOST_RUNS) this.#known.clear();
    if (run) this.#known.set(id, run);
    return run;
  }
}

/** loadRun for whoever logs to a run: without an entity, and without a statement for a run that was logged to before. Throws NOT_FOUND. */
export async function loadRunToLog(context: Context, id: string): Promise<RunToLog> {
  const run = await context.runsToLog.find(id);
  if (!run || shareGrant(context.viewer)) throw notFound("run", id, "run");
  checkAccess(context, run.projectId, "run", id, "run");
  return run;
}
