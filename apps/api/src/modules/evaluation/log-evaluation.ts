import type { App } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { nextArrival } from "../metric/next-arrival.js";
import { readGapThresholds } from "../project/gap-thresholds.js";
import type { Run } from "../run/run.entity.js";
import type { LogEvaluationInput } from "./evaluation.type.js";
import { gapNews } from "./gap-news.js";
import { holdRun } from "./hold-run.js";
import { keepGaps, toKept } from "./keep-gap.js";
import { readEvaluations, type StoredEvaluation } from "./read-evaluations.js";
import { imageValues, scoreValues } from "./score-values.js";

const columns = [
  "train_examples",
  "train_correct",
  "train_mean_loss",
  "train_loss_variance",
  "train_images_hash",
  "train_details",
  "val_examples",
  "val_correct",
  "val_mean_loss",
  "val_loss_variance",
  "val_images_hash",
  "val_details",
  "val_predictions",
  "val_losses",
] as const;

/**
 * Stores an evaluation under the run's lease. Sent again it changes nothing. With other numbers it is CONFLICT from a script; a worker of
 * ours went back to a checkpoint then, and the later evaluation stands. FENCED where another worker holds the run. Tells subscribers of the run, and of its gap where that became news.
 */
export async function logEvaluation(app: App, run: Run, input: LogEvaluationInput): Promise<StoredEvaluation> {
  const values = [
    ...scoreValues("train", input.train),
    ...scoreValues("val", input.val),
    ...imageValues("val", input.val),
  ];
  if (!Number.isFinite(input.epoch) || input.epoch < 0)
    throw badInput("epoch", `epoch is ${input.epoch}; it counts passes over the train split from 0 on.`, [0, null]);
  const isNew = await store(app, run, input, values);
  const evaluations = await readEvaluations(app.pool, [run]);
  const stored = evaluations.find(({ step, epoch }) => step === input.step && epoch === input.epoch);
  if (!stored)
    throw new AppError(
      "FENCED",
      "A later lease generation has gone on from before this step: this evaluation is superseded.",
    );
  const threshold = (await readGapThresholds(app.pool, [run.projectId])).get(run.projectId)!;
  const { gap, isNews } = gapNews(evaluations, (evaluation) => evaluation === stored, threshold);
  // Also for one that was sent again: the process that stored it may have died before this.
  await keepGaps(app.pool, run.distKey, [{ runId: run.id, kept: toKept(gap, threshold) }]);
  if (isNew) {
    app.events.runChanged(run, "EVALUATION");
    if (isNews) app.events.gapChanged(run);
  }
  return stored;
}

async function store({ pool }: App, run: Run, input: LogEvaluationInput, values: unknown[]): Promise<boolean> {
  return transaction(pool, async (client) => {
    await holdRun(client, run, input.leaseGeneration);
    const key = [run.distKey, run.id, input.step, input.epoch, input.leaseGeneration];
    // Locks the run's stream: who sends the same at the same time waits here.
    const arrival = await nextArrival(client, run);
    const same = columns.map((column, i) => `${column} IS NOT DISTINCT FROM $${i + 6}`).join(" AND ");
    const { rows } = await client.query<{ same: boolean }>(
      `SELECT ${same} AS same FROM evaluation
       WHERE dist_key = $1 AND run_id = $2 AND step = $3 AND epoch = $4 AND lease_generation = $5`,
      [...key, ...values],
    );
    if (rows.some((row) => row.same)) return false;
    if (rows.length > 0 && run.origin === "LOGGED")
      throw new AppError(
        "CONFLICT",
        `Epoch ${input.epoch} at step ${input.step} was logged before with other numbers. Nothing was stored.`,
        { field: "epoch" },
      );
    const places = columns.map((_, i) => `$${i + 7}`);
    await client.query(
      `INSERT INTO evaluation (dist_key, run_id, step, epoch, lease_generation, arrival, ${columns.join(", ")})
       VALUES ($1, $2, $3, $4, $5, $6, ${places.join(", ")})`,
      [...key, arrival, ...values],
    );
    return true;
  });
}
