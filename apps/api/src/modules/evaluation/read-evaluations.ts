import type { Evaluation } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";

/** An evaluation as it was logged, without what it says of single images. */
export type StoredEvaluation = Evaluation & {
  runId: string;
  /** Which row it is, among the run's. */
  arrival: number;
  createdAt: Date;
  valImagesHash: string | null;
};

type Row = {
  run_id: string;
  step: number;
  epoch: number;
  arrival: number;
  /** Milliseconds since 1970: parsing dates was the largest part of reading the evaluations of 1,000 runs. */
  created_at: number;
  train_examples: number;
  train_correct: number;
  train_mean_loss: number;
  train_loss_variance: number | null;
  val_examples: number;
  val_correct: number;
  val_mean_loss: number;
  val_loss_variance: number | null;
  val_images_hash: string | null;
};

/**
 * Evaluations of many runs by step, in one statement; of a run as of a past moment, those that there were then. What a later lease generation
 * superseded is left out, and what was evaluated again stands.
 */
export async function readEvaluations(
  pool: Pool,
  runs: Pick<Run, "id" | "distKey" | "asOf">[],
): Promise<StoredEvaluation[]> {
  const { rows } = await pool.query<Row>({
    name: "evaluation-read",
    text: `
      SELECT DISTINCT ON (e.run_id, e.step, e.epoch) e.run_id, e.step, e.epoch, e.arrival,
             (extract(epoch FROM e.created_at) * 1000)::float8 AS created_at,
             e.train_examples, e.train_correct, e.train_mean_loss, e.train_loss_variance,
             e.val_examples, e.val_correct, e.val_mean_loss, e.val_loss_variance, e.val_images_hash
      FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w(dist_key, run_id, up_to)
      JOIN evaluation e USING (dist_key, run_id)
      WHERE e.arrival <= COALESCE(w.up_to, e.arrival) AND NOT EXISTS (
        SELECT FROM run_generation g
        WHERE g.dist_key = e.dist_key AND g.run_id = e.run_id AND g.arrival <= COALESCE(w.up_to, g.arrival)
          AND g.generation > e.lease_generation AND g.resumed_from_step < e.step)
      ORDER BY e.run_id, e.step, e.epoch, e.lease_generation DESC, e.arrival DESC`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), runs.map((run) => run.asOf?.arrival ?? null)],
  });
  return rows.map((row) => ({
    runId: row.run_id,
    epoch: row.epoch,
    step: row.step,
    arrival: row.arrival,
    createdAt: new Date(row.created_at),
    train: {
      examples: row.train_examples,
      correct: row.train_correct,
      meanLoss: row.train_mean_loss,
      lossVariance: row.train_loss_variance,
    },
    val: {
      examples: row.val_examples,
      correct: row.val_correct,
      meanLoss: row.val_mean_loss,
      lossVariance: row.val_loss_variance,
    },
    valImagesHash: row.val_images_hash,
  }));
}
