import type { App } from "../../context.js";
import { AppError } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { nextArrival } from "../metric/next-arrival.js";
import type { Run } from "../run/run.entity.js";
import type { LogTestScoreInput } from "./evaluation.type.js";
import { holdRun } from "./hold-run.js";
import { imageValues, scoreValues } from "./score-values.js";

const columns = [
  "step",
  "examples",
  "correct",
  "mean_loss",
  "loss_variance",
  "images_hash",
  "details",
  "predictions",
  "losses",
] as const;

/**
 * Stores the score of the test split under the run's lease. Sent again it changes nothing; CONFLICT where other numbers were logged under
 * this lease: who scores the test split until they like it has trained on it. FENCED where another worker holds the run.
 */
export async function logTestScore(app: App, run: Run, input: LogTestScoreInput): Promise<void> {
  const values = [input.step, ...scoreValues("score", input.score), ...imageValues("score", input.score)];
  const isNew = await transaction(app.pool, async (client) => {
    await holdRun(client, run, input.leaseGeneration);
    const key = [run.distKey, run.id, input.leaseGeneration];
    const arrival = await nextArrival(client, run);
    const places = columns.map((_, i) => `$${i + 5}`);
    const inserted = await client.query(
      `INSERT INTO test_score (dist_key, run_id, lease_generation, arrival, ${columns.join(", ")})
       VALUES ($1, $2, $3, $4, ${places.join(", ")}) ON CONFLICT DO NOTHING RETURNING step`,
      [...key, arrival, ...values],
    );
    if (inserted.rows.length > 0) return true;
    const same = columns.map((column, i) => `${column} IS NOT DISTINCT FROM $${i + 4}`).join(" AND ");
    const found = await client.query(
      `SELECT ${same} AS same FROM test_score WHERE dist_key = $1 AND run_id = $2 AND lease_generation = $3`,
      [...key, ...values],
    );
    if (found.rows[0]?.same) return false;
    throw new AppError(
      "CONFLICT",
      "The test split was scored before with other numbers; it is scored once. Nothing was stored.",
      { field: "score" },
    );
  });
  if (isNew) app.events.runChanged(run, "EVALUATION");
}
