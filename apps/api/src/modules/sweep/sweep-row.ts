import type { TrainingConfig } from "@residual/shared";
import type { ClientBase, Pool } from "pg";
import type { SweepStatus } from "./sweep.type.js";

/** A row of sweep. configs: complete, with their full number of epochs. keepOneIn null: a single rung of all. */
export type SweepRow = {
  distKey: number;
  id: string;
  projectId: string;
  experimentId: string;
  datasetId: string;
  configs: TrainingConfig[];
  seeds: number[];
  tags: string[];
  keepOneIn: number | null;
  rung: number;
  status: SweepStatus;
  createdAt: Date;
};

export const sweepColumns = `dist_key AS "distKey", id, project_id AS "projectId", experiment_id AS "experimentId",
  dataset_id AS "datasetId", configs, seeds, tags, keep_one_in AS "keepOneIn", rung, status, created_at AS "createdAt"`;

/** The sweep with this id; null where there is none. */
export async function readSweep(db: Pool | ClientBase, distKey: number, id: string): Promise<SweepRow | null> {
  const { rows } = await db.query<SweepRow>(`SELECT ${sweepColumns} FROM sweep WHERE dist_key = $1 AND id = $2`, [
    distKey,
    id,
  ]);
  return rows[0] ?? null;
}
