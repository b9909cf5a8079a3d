import type pg from "pg";
import { AppError } from "../../errors.js";
import { transaction } from "../../transaction.js";
import type { Run } from "../run/run.entity.js";
import { enqueue, isAlreadyQueued } from "./enqueue.js";

/** Queues a failed or stopped run again; its worker goes on from the last checkpoint. CONFLICT in any other state. */
export async function resumeRun(pool: pg.Pool, run: Run): Promise<void> {
  const { distKey, projectId, datasetId } = run;
  if (run.origin !== "TRAINED_HERE" || !datasetId) {
    throw new AppError(
      "CONFLICT",
      "This run was logged from elsewhere; only the script that trained it can go on with it.",
      { field: "id" },
    );
  }
  if (run.status !== "FAILED" && run.status !== "STOPPED") {
    throw new AppError("CONFLICT", `The run is ${run.status}; only a failed or stopped run can be resumed.`, {
      field: "id",
    });
  }
  try {
    await transaction(pool, async (client) => {
      const { rows } = await client.query(
        `UPDATE run SET status = 'QUEUED', error = NULL, finished_at = NULL, stop_requested = false, cancel_requested = false
         WHERE dist_key = $1 AND id = $2 RETURNING lease_generation`,
        [distKey, run.id],
      );
      const leaseGeneration: number = rows[0].lease_generation;
      await enqueue(client, {
        kind: "TRAIN_RUN",
        distKey,
        projectId,
        runId: run.id,
        datasetId,
        priority: 0,
        leaseGeneration,
      });
    });
  } catch (error) {
    if (!isAlreadyQueued(error)) throw error;
    throw new AppError("CONFLICT", "The run is queued already.", { field: "id" });
  }
}
