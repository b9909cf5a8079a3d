import type { ClientBase } from "pg";

/**
 * Takes the run's next arrival, in the caller's transaction: whatever is stored under it comes after all that was committed before, and a
 * reader as of an arrival sees either all or nothing of it. An arrival that stores nothing is no harm; it brings no frame, so that the
 * summaries lack nothing of it.
 */
export async function nextArrival(client: ClientBase, run: { id: string; distKey: number }): Promise<number> {
  const { rows } = await client.query<{ arrivals: number }>(
    `INSERT INTO metric_stream AS s (dist_key, run_id, arrivals, summarised) VALUES ($1, $2, 1, 1)
     ON CONFLICT (dist_key, run_id) DO UPDATE SET arrivals = s.arrivals + 1, summarised = s.summarised + 1 RETURNING arrivals`,
    [run.distKey, run.id],
  );
  return rows[0]!.arrivals;
}
