import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { shareGrant } from "../../viewer.js";
import { loadRuns } from "../run/run.loader.js";
import { toRead } from "./metric.loader.js";
import type { RunToRead } from "./read-parts.js";

/**
 * The runs as the metric tables know them, in the order of the ids. What loadRuns decides, without an entity a run for members: 10,000 entities take longer than the metrics of 10,000 runs. Throws NOT_FOUND.
 */
export async function loadRunsToRead(context: Context, ids: readonly string[]): Promise<RunToRead[]> {
  if (shareGrant(context.viewer)) return (await loadRuns(context, ids)).map(toRead);
  const { rows } = await context.pool.query<[id: string, distKey: number, projectId: string]>({
    name: "metric-runs-to-read",
    rowMode: "array",
    text: "SELECT id, dist_key, project_id FROM run WHERE id = ANY($1)",
    values: [ids],
  });
  const found = new Map(rows.map((row) => [row[0], row]));
  return ids.map((id) => {
    const row = found.get(id);
    if (!row) throw notFound("run", id, "run");
    const [, distKey, projectId] = row;
    checkAccess(context, projectId, "run", id, "run");
    return { id, distKey, upTo: null };
  });
}
