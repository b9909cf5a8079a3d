import type { Pool } from "pg";
import type { RunRef } from "../../live/notice.js";

/**
 * Runs of these projects that may have changed within the last `seconds`: those at work, and those that began, ended or went to the trash
 * since. What leaves no time behind (a new name, tags, notes of a run at rest) is not found.
 */
export async function findUntoldRuns(
  pool: Pool,
  projectIds: string[],
  seconds: number,
): Promise<(RunRef & { distKey: number })[]> {
  if (projectIds.length === 0) return [];
  const { rows } = await pool.query<RunRef & { distKey: number }>(
    `SELECT id, dist_key AS "distKey", project_id AS "projectId", experiment_id AS "experimentId" FROM run
     WHERE project_id = ANY($1) AND (status IN ('QUEUED', 'RUNNING')
       OR greatest(created_at, finished_at, trashed_at) > now() - make_interval(secs => $2))`,
    [projectIds, seconds],
  );
  return rows;
}
