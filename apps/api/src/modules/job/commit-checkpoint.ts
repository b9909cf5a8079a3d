import type pg from "pg";
import type { DataSource } from "typeorm";
import { badInput } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { Checkpoint } from "./checkpoint.entity.js";
import type { CommitCheckpointInput } from "./job.input.js";
import { holdLease } from "./lease.js";

/**
 * Makes a checkpoint count: the worker has written and synced the file, this row lets another worker resume from it.
 * The same again changes nothing; FENCED when the lease has passed on.
 */
export async function commitCheckpoint(
  pool: pg.Pool,
  db: DataSource,
  input: CommitCheckpointInput,
): Promise<Checkpoint> {
  if (!/^[0-9a-f]{64}$/.test(input.sha256))
    throw badInput("sha256", "sha256 must be the 64 hex digits of the file's SHA-256, in lower case.");
  const key = await transaction(pool, async (client) => {
    const { distKey, runId } = await holdLease(client, input.job, input.leaseGeneration);
    if (!runId) throw badInput("job", "job scans a dataset; only runs have checkpoints.");
    await client.query(
      `INSERT INTO checkpoint (dist_key, run_id, step, lease_generation, epoch, path, sha256, bytes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (dist_key, run_id, step, lease_generation) DO UPDATE
       SET epoch = excluded.epoch, path = excluded.path, sha256 = excluded.sha256, bytes = excluded.bytes`,
      [distKey, runId, input.step, input.leaseGeneration, input.epoch, input.path, input.sha256, input.bytes],
    );
    return { distKey, runId, step: input.step, leaseGeneration: input.leaseGeneration };
  });
  return db.getRepository(Checkpoint).findOneByOrFail(key);
}
