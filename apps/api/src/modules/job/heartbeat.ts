import type pg from "pg";
import { fenced } from "../../errors.js";
import type { RunRef } from "../../live/notice.js";
import { doctorReport } from "../worker/doctor-report.js";
import type { Heartbeat, HeartbeatInput } from "./job.input.js";
import { leaseSeconds } from "./lease.js";

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
  const values = [input.job, input.leaseGeneration, leaseSeconds, progress, doctor];
  const { rows } = await pool.query(heartbeatStatement, values);
  const [row] = rows;
  if (!row) throw fenced(input.job);
  const request = row.cancel_requested ? "CANCEL" : row.stop_requested ? "STOP" : "CONTINUE";
  const run = row.run_id && { id: row.run_id, projectId: row.project_id, experimentId: row.experiment_id };
  return { heartbeat: { leaseUntil: row.lease_until, request }, run };
}

const heartbeatStatement = `
  WITH held AS (
    UPDATE job SET lease_until = now() + make_interval(secs => $3)
    WHERE id = $1 AND lease_generation = $2 AND status = 'LEASED'
    RETURNING dist_key, run_id, dataset_id, kind, worker_id, lease_until
  ), seen AS (
    UPDATE worker SET last_seen_at = now(), doctor = coalesce($5::jsonb, doctor) FROM held WHERE worker.id = held.worker_id
  ), scanned AS (
    UPDATE dataset SET progress = coalesce($4::jsonb, progress)
    FROM held WHERE held.kind = 'SCAN_DATASET' AND dataset.id = held.dataset_id
  ), trained AS (
    UPDATE run SET progress = coalesce($4::jsonb, progress)
    FROM held WHERE run.dist_key = held.dist_key AND run.id = held.run_id
    RETURNING run.id, run.project_id, run.experiment_id, run.stop_requested, run.cancel_requested
  )
  SELECT held.lease_until, held.run_id, trained.project_id, trained.experiment_id, trained.stop_requested, trained.cancel_requested
  FROM held LEFT JOIN trained ON trained.id = held.run_id`;
