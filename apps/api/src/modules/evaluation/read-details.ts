import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";
import type { ScoreDetails } from "./score-values.js";

export type EvaluationKey = { run: Run; arrival: number };

/** Of each split what its score says beyond loss and accuracy; null where that was not logged. */
export type EvaluationDetails = { train: ScoreDetails | null; val: ScoreDetails | null };

const wanted = `
  unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS w(dist_key, run_id, arrival, i)
  LEFT JOIN evaluation e USING (dist_key, run_id, arrival)
  ORDER BY w.i`;

/** For each evaluation what its val images were taken for (class indices, in the split's order), null where that was not logged. */
export async function readPredictions(
  pool: Pool,
  keys: readonly EvaluationKey[],
): Promise<(Uint8Array | Uint16Array | null)[]> {
  const { rows } = await pool.query<{ predictions: Buffer | null; examples: number | null }>({
    name: "evaluation-predictions",
    text: `SELECT e.val_predictions AS predictions, e.val_examples AS examples FROM ${wanted}`,
    values: columnsOf(keys),
  });
  return rows.map(({ predictions, examples }) => {
    if (!predictions || !examples) return null;
    if (predictions.length === examples) return new Uint8Array(predictions);
    return Uint16Array.from({ length: examples }, (_, i) => predictions.readUInt16LE(i * 2));
  });
}

/** For each evaluation the details of its scores. */
export async function readDetails(pool: Pool, keys: readonly EvaluationKey[]): Promise<EvaluationDetails[]> {
  const { rows } = await pool.query<EvaluationDetails>({
    name: "evaluation-details",
    text: `SELECT e.train_details AS train, e.val_details AS val FROM ${wanted}`,
    values: columnsOf(keys),
  });
  return rows;
}

function columnsOf(keys: readonly EvaluationKey[]): unknown[] {
  return [keys.map(({ run }) => run.distKey), keys.map(({ run }) => run.id), keys.map(({ arrival }) => arrival)];
}
