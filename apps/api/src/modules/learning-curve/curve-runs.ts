import type { Context } from "../../context.js";
import type { Run } from "../run/run.entity.js";
import { loadRuns } from "../run/run.loader.js";

/** Of more, the newest are looked at. */
const MAX_RUNS = 100;

/** Runs that differ from this one in nothing but the number of their train images and their seed; this one among them. None in the trash. */
export async function curveRuns(context: Context, run: Run): Promise<Run[]> {
  const { rows } = await context.pool.query<{ id: string }>(
    `SELECT id FROM run
     WHERE dist_key = $1 AND experiment_id = $2 AND dataset_id = $3 AND architecture = $4 AND origin = 'TRAINED_HERE'
       AND trashed_at IS NULL AND status IN ('QUEUED', 'RUNNING', 'FINISHED')
       AND config - 'trainImages' - 'seed' = $5::jsonb - 'trainImages' - 'seed'
     ORDER BY created_at DESC LIMIT ${MAX_RUNS}`,
    [run.distKey, run.experimentId, run.datasetId, run.architecture, JSON.stringify(run.config)],
  );
  const found = await loadRuns(
    context,
    rows.map(({ id }) => id),
  );
  return found.some(({ id }) => id === run.id) || run.trashedAt ? found : [run, ...found];
}

/** The newest finished run of a network in the experiment of `run`, on its dataset with all train images; null where there is none. */
export async function runOfNetwork(context: Context, run: Run, architecture: string): Promise<Run | null> {
  const { rows } = await context.pool.query<{ id: string }>(
    `SELECT id FROM run
     WHERE dist_key = $1 AND experiment_id = $2 AND dataset_id = $3 AND architecture = $4 AND status = 'FINISHED'
       AND trashed_at IS NULL AND (config ->> 'trainImages') IS NOT DISTINCT FROM $5
     ORDER BY created_at DESC LIMIT 1`,
    [run.distKey, run.experimentId, run.datasetId, architecture, trainImagesOf(run)?.toString() ?? null],
  );
  return rows[0] ? (await loadRuns(context, [rows[0].id]))[0]! : null;
}

/** As the config limits them; null: all. */
export function trainImagesOf({ config }: Run): number | null {
  return typeof config.trainImages === "number" ? config.trainImages : null;
}
