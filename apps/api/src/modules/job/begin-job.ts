import { storedTrainingConfig, type TrainingConfigInput, withRandomWeights } from "@residual/shared";
import type pg from "pg";
import type { App } from "../../context.js";
import { transaction } from "../../transaction.js";
import { cleanInitialWeights, type InitialWeights } from "../run/initial-weights.js";
import { seedGroup } from "../run/seed-group.js";
import type { BeginJobInput } from "./job.input.js";
import { holdLease, type LeasedJob } from "./lease.js";

/**
 * Says from which step a claimed run goes on, what the worker built, from which weights and on what. In the same transaction the points of
 * earlier generations beyond that step are superseded; FENCED when the lease has passed on.
 */
export async function beginJob({ pool, supersede }: App, input: BeginJobInput): Promise<LeasedJob> {
  const initialWeights = input.initialWeights ? cleanInitialWeights("initialWeights", input.initialWeights) : null;
  return transaction(pool, async (client) => {
    const job = await holdLease(client, input.job, input.leaseGeneration);
    await client.query("UPDATE job SET resumed_from_step = $2 WHERE id = $1", [job.id, input.resumedFromStep]);
    if (job.runId) {
      await client.query(
        `UPDATE run SET environment = coalesce($3, environment), passport = coalesce($4, passport),
           initial_weights = coalesce($5, initial_weights)
         WHERE dist_key = $1 AND id = $2`,
        [job.distKey, job.runId, jsonOrNull(input.environment), jsonOrNull(input.passport), jsonOrNull(initialWeights)],
      );
      if (initialWeights) await settleWeights(client, job, initialWeights);
      const run = { id: job.runId, distKey: job.distKey };
      await supersede(client, run, input.leaseGeneration, input.resumedFromStep);
    }
    return job;
  });
}

/**
 * Moves a run to the group of those that began with the same weights. One that was to find its own and found none gets the config as it is
 * trained now.
 */
async function settleWeights(
  client: pg.PoolClient,
  { distKey, runId }: LeasedJob,
  { source, sha256 }: InitialWeights,
): Promise<void> {
  const { rows } = await client.query<{ config: TrainingConfigInput; datasetId: string | null }>(
    'SELECT config, dataset_id AS "datasetId" FROM run WHERE dist_key = $1 AND id = $2',
    [distKey, runId],
  );
  const [run] = rows;
  if (!run) return;
  const stored = storedTrainingConfig(run.config);
  const foundNone = source === "RANDOM" && stored.initialWeights === "AUTO";
  if (!foundNone && sha256 == null) return;
  const config = foundNone ? withRandomWeights(stored) : run.config;
  await client.query(`UPDATE run SET config = $3, "group" = $4 WHERE dist_key = $1 AND id = $2`, [
    distKey,
    runId,
    JSON.stringify(config),
    seedGroup(stored.architecture, run.datasetId, { ...config }, sha256),
  ]);
}

function jsonOrNull(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}
