import type pg from "pg";

/** Fails the runs that wait for a dataset whose scan has failed: no worker could ever take them. Returns their ids. */
export async function failRunsOf(client: pg.PoolClient, datasetId: string, reason: string): Promise<string[]> {
  const error = `The scan of the dataset failed: ${reason}`;
  const { rows } = await client.query(
    `WITH failed AS (
       UPDATE job SET status = 'FAILED', error = $2
       WHERE dataset_id = $1 AND kind = 'TRAIN_RUN' AND status = 'QUEUED' RETURNING dist_key, run_id
     )
     UPDATE run SET status = 'FAILED', error = $2, finished_at = now()
     FROM failed WHERE run.dist_key = failed.dist_key AND run.id = failed.run_id RETURNING run.id`,
    [datasetId, error],
  );
  return rows.map((row) => row.id);
}
