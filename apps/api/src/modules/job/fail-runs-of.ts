import type pg from "pg";

/** Fails the runs that wait for a dataset whose scan has failed: no worker could ever take them. Returns their ids. */
export async function failRunsOf(client: pg.PoolClient, datasetId: string, reason: string): Promise<string[]> {
  const error = `The scan of the dataset failed: ${reason}`;
  const { rows: failed } = await client.query<{ dist_key: number; run_id: string }>(
    `UPDATE job SET status = 'FAILED', error = $2
     WHERE dataset_id = $1 AND kind = 'TRAIN_RUN' AND status = 'QUEUED' RETURNING dist_key, run_id`,
    [datasetId, error],
  );
  if (failed.length === 0) return [];
  // A dataset and all its runs belong to one project, and so to one shard.
  const { rows } = await client.query<{ id: string }>(
    "UPDATE run SET status = 'FAILED', error = $3, finished_at = now() WHERE dist_key = $1 AND id = ANY($2) RETURNING id",
    [failed[0]!.dist_key, failed.map((job) => job.run_id), error],
  );
  return rows.map((row) => row.id);
}
