import type { SplitScore as Score } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";
import type { ScoreDetails } from "./score-values.js";

export type StoredTestScore = {
  score: Score;
  details: ScoreDetails | null;
  arrival: number;
  imagesHash: string | null;
};

type Row = {
  run_id: string;
  arrival: number;
  examples: number;
  correct: number;
  mean_loss: number;
  loss_variance: number | null;
  details: ScoreDetails | null;
  images_hash: string | null;
};

/**
 * The test scores of runs that have one, by the run's id; of a run as of a past moment, the one that there was then. A run that went on
 * after it was scored has none until its next end.
 */
export async function readTestScores(pool: Pool, runs: readonly Run[]): Promise<Map<string, StoredTestScore>> {
  const { rows } = await pool.query<Row>({
    name: "test-score-read",
    text: `
      SELECT t.run_id, t.arrival, t.examples, t.correct, t.mean_loss, t.loss_variance, t.details, t.images_hash
      FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS w(dist_key, run_id, up_to)
      JOIN test_score t USING (dist_key, run_id)
      WHERE t.arrival <= COALESCE(w.up_to, t.arrival) AND NOT EXISTS (
        SELECT FROM run_generation g
        WHERE g.dist_key = t.dist_key AND g.run_id = t.run_id AND g.arrival <= COALESCE(w.up_to, g.arrival)
          AND g.generation > t.lease_generation)`,
    values: [runs.map((run) => run.distKey), runs.map((run) => run.id), runs.map((run) => run.asOf?.arrival ?? null)],
  });
  return new Map(
    rows.map(({ run_id, arrival, examples, correct, mean_loss, loss_variance, details, images_hash }) => [
      run_id,
      {
        score: { examples, correct, meanLoss: mean_loss, lossVariance: loss_variance },
        details,
        arrival,
        imagesHash: images_hash,
      },
    ]),
  );
}
