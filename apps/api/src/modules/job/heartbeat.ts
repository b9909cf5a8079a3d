import type pg from "pg";
import { fenced } from "../../errors.js";
import type { RunRef } from "../../live/notice.js";
import { transaction } from "../../transaction.js";
import { doctorReport } from "../worker/doctor-report.js";
import type { Heartbeat, HeartbeatInput } from "./job.input.js";
import { leaseSeconds, renewRunLease } from "./lease.js";

/**
 * Renews a lease and takes over the progress; FENCED when the job is another worker's. The answer carries what people
 * asked of the run: STOP (finish with what is there) or CANCEL (at once).
 */
export async function heartbeat(
  pool: pg.Pool,
  input: HeartbeatInput,
): Promise<{ heartbeat: Heartbeat; run: RunRef | null }> {
  const progress = input.progress ? JSON.stringify(input.progress) : null;
  const doctor = doctorReport(input.doctor);
  return transaction(pool, async (client) => {
    const { rows: held } = await client.query<Held>(
      `UPDATE job SET lease_until = now() + make_interval(secs => $3)
       WHERE id = $1 AND lease_generation = $2 AND status = 'LEASED'
       RETURNING dist_key, run_id, dataset_id, worker_id, lease_until`,
      [input.job, input.leaseGeneration, leaseSeconds],
    );
    const [job] = held;
    if (!job) throw fenced(input.job);
    await client.query("UPDATE worker SET last_seen_at = now(), doctor = coalesce($2::jsonb, doctor) WHERE id = $1", [
      job.worker_id,
      doctor,
    ]);
    if (job.run_id === null) {
      await client.query("UPDATE dataset SET progress = coalesce($2::jsonb, progress) WHERE id = $1", [
        job.dataset_id,
        progress,
      ]);
      return { heartbeat: { leaseUntil: job.lease_until, request: "CONTINUE" }, run: null };
    }
    await renewRunLease(client, job.run_id, input.leaseGeneration);
    const { rows } = await client.query<Trained>(
      `UPDATE run SET progress = coalesce($3::jsonb, progress) WHERE dist_key = $1 AND id = $2
       RETURNING id, project_id, experiment_id, stop_requested, cancel_requested`,
      [job.dist_key, job.run_id, progress],
    );
    const run = rows[0]!;
    const request = run.cancel_requested ? "CANCEL" : run.stop_requested ? "STOP" : "CONTINUE";
    return {
      heartbeat: { leaseUntil: job.lease_until, request },
      run: { id: run.id, projectId: run.project_id, experimentId: run.experiment_id },
    };
  });
}

type Held = { dist_key: number; run_id: string | null; dataset_id: string; worker_id: string; lease_until: Date };

type Trained = {
  id: string;
  project_id: string;
  experiment_id: string;
  stop_requested: boolean;
  cancel_requested: boolean;
};
