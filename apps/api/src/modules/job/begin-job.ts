import type { App } from "../../context.js";
import { transaction } from "../../transaction.js";
import type { BeginJobInput } from "./job.input.js";
import { holdLease, type LeasedJob } from "./lease.js";

/**
 * Says from which step a claimed run goes on, what the worker built and on what. In the same transaction the points of
 * earlier generations beyond that step are superseded; FENCED when the lease has passed on.
 */
export async function beginJob({ pool, supersede }: App, input: BeginJobInput): Promise<LeasedJob> {
  return transaction(pool, async (client) => {
    const job = await holdLease(client, input.job, input.leaseGeneration);
    await client.query("UPDATE job SET resumed_from_step = $2 WHERE id = $1", [job.id, input.resumedFromStep]);
    if (job.runId) {
      await client.query(
        `UPDATE run SET environment = coalesce($3, environment), passport = coalesce($4, passport)
         WHERE dist_key = $1 AND id = $2`,
        [job.distKey, job.runId, jsonOrNull(input.environment), jsonOrNull(input.passport)],
      );
      const run = { id: job.runId, distKey: job.distKey };
      await supersede(client, run, input.leaseGeneration, input.resumedFromStep);
    }
    return job;
  });
}

function jsonOrNull(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value);
}
