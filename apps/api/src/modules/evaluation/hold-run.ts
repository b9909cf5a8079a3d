import type pg from "pg";
import { AppError, notFound } from "../../errors.js";
import type { Run } from "../run/run.entity.js";

/**
 * Keeps a run from passing to another worker until the transaction ends. FENCED where it is held under another lease generation already,
 * NOT_FOUND where it is in the trash.
 */
export async function holdRun(client: pg.PoolClient, run: Run, leaseGeneration: number): Promise<void> {
  const { rows } = await client.query<{ lease_generation: number; trashed: boolean }>(
    "SELECT lease_generation, trashed_at IS NOT NULL AS trashed FROM run WHERE dist_key = $1 AND id = $2 FOR SHARE",
    [run.distKey, run.id],
  );
  if (!rows[0] || rows[0].trashed) throw notFound("run", run.id);
  if (rows[0].lease_generation !== leaseGeneration)
    throw new AppError(
      "FENCED",
      `Run ${run.id} is held under lease generation ${rows[0].lease_generation}; this is of generation ${leaseGeneration}. Stop: another worker has taken over.`,
    );
}
