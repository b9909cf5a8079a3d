import type { Pool } from "pg";
import type { SweepRow } from "./sweep-row.js";

/**
 * Stops every run of a sweep that has not ended: what trains stops within a step and keeps what is there, what waits is taken from the queue.
 * No further rung begins. Returns the ids of the runs that it changed. Stopping what has ended changes nothing.
 */
export async function stopSweep(pool: Pool, { distKey, id }: Pick<SweepRow, "distKey" | "id">): Promise<string[]> {
  await pool.query("UPDATE sweep SET status = 'STOPPED' WHERE dist_key = $1 AND id = $2 AND status = 'RUNNING'", [
    distKey,
    id,
  ]);
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM run WHERE dist_key = $1 AND sweep_id = $2 AND status IN ('QUEUED', 'RUNNING')`,
    [distKey, id],
  );
  return rows.map((row) => row.id);
}
