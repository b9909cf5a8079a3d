import { packedPredictionBytes, unpackPredictions } from "@residual/shared";
import type { Pool } from "pg";
import type { Run } from "../run/run.entity.js";
import type { ScoreDetails } from "./score-values.js";

export type EvaluationKey = { run: Run; arrival: number };

/** Of each split what its score says beyond loss and accuracy; null where that was not logged. */
export type EvaluationDetails = { train: ScoreDetails | null; val: ScoreDetails | null };

// An inner join: the optional side of an outer one cannot be on a shard of its own.
const wanted = `
  unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS w(dist_key, run_id, arrival, i)
  JOIN evaluation e USING (dist_key, run_id, arrival)`;

/** What a split's images were taken for, in its order. */
export interface StoredPredictions {
  readonly classes: Uint8Array | Uint16Array;
  /** With confidence and correctness, four bytes an image (shared/predictions); null where only the classes were logged. */
  readonly packed: Uint8Array | null;
}

/** As a column holds them: one, two or four bytes an image. Null where they were not logged. */
function storedPredictions(bytes: Buffer | null, examples: number): StoredPredictions | null {
  if (!bytes || !examples) return null;
  if (bytes.length === examples) return { classes: new Uint8Array(bytes), packed: null };
  if (bytes.length === examples * packedPredictionBytes)
    return {
      // A comparison asks which are right, and of nothing else.
      get classes() {
        return unpackPredictions(bytes).predictions;
      },
      packed: bytes,
    };
  return { classes: Uint16Array.from({ length: examples }, (_, at) => bytes.readUInt16LE(at * 2)), packed: null };
}

/** For each test score what its images were taken for, null where that was not logged. */
export async function readTestPredictions(
  pool: Pool,
  keys: readonly EvaluationKey[],
): Promise<(StoredPredictions | null)[]> {
  const { rows } = await pool.query<{ i: number; predictions: Buffer | null; examples: number }>({
    name: "test-score-predictions",
    text: `
      SELECT w.i, t.predictions, t.examples
      FROM unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS w(dist_key, run_id, arrival, i)
      JOIN test_score t USING (dist_key, run_id, arrival)`,
    values: columnsOf(keys),
  });
  const found = new Map(rows.map((row) => [row.i, row]));
  return keys.map((_, i) => {
    const { predictions = null, examples = 0 } = found.get(i + 1) ?? {};
    return storedPredictions(predictions, examples);
  });
}

/** For each evaluation what its val images were taken for, null where that was not logged. */
export async function readPredictions(
  pool: Pool,
  keys: readonly EvaluationKey[],
): Promise<(StoredPredictions | null)[]> {
  const { rows } = await pool.query<{ i: number; predictions: Buffer | null; examples: number }>({
    name: "evaluation-predictions",
    text: `SELECT w.i, e.val_predictions AS predictions, e.val_examples AS examples FROM ${wanted}`,
    values: columnsOf(keys),
  });
  const found = new Map(rows.map((row) => [row.i, row]));
  return keys.map((_, i) => {
    const { predictions = null, examples = 0 } = found.get(i + 1) ?? {};
    return storedPredictions(predictions, examples);
  });
}

/** For each evaluation the details of its scores. */
export async function readDetails(pool: Pool, keys: readonly EvaluationKey[]): Promise<EvaluationDetails[]> {
  const { rows } = await pool.query<EvaluationDetails & { i: number }>({
    name: "evaluation-details",
    text: `SELECT w.i, e.train_details AS train, e.val_details AS val FROM ${wanted}`,
    values: columnsOf(keys),
  });
  const found = new Map(rows.map(({ i, train, val }) => [i, { train, val }]));
  return keys.map((_, i) => found.get(i + 1) ?? { train: null, val: null });
}

function columnsOf(keys: readonly EvaluationKey[]): unknown[] {
  return [keys.map(({ run }) => run.distKey), keys.map(({ run }) => run.id), keys.map(({ arrival }) => arrival)];
}
