import { assessGap, decodeBase64 } from "@residual/shared";
import type { App } from "../../context.js";
import { AppError, badInput, notFound } from "../../errors.js";
import { transaction } from "../../transaction.js";
import { nextArrival } from "../metric/next-arrival.js";
import { float8 } from "../metric/store-summaries.js";
import type { Run } from "../run/run.entity.js";
import type { LogEvaluationInput, SplitScoreInput } from "./evaluation.type.js";
import { readEvaluations, type StoredEvaluation } from "./read-evaluations.js";

/** From here on a gap is worth an alert even where the verdict stays. */
const ALERT_GAP = 0.1;

const columns = [
  "train_examples",
  "train_correct",
  "train_mean_loss",
  "train_loss_variance",
  "train_images_hash",
  "val_examples",
  "val_correct",
  "val_mean_loss",
  "val_loss_variance",
  "val_images_hash",
  "val_predictions",
  "val_losses",
] as const;

/**
 * Stores an evaluation under the run's lease. Sent again it changes nothing; CONFLICT where this epoch and step were logged with other
 * numbers, FENCED where another worker holds the run. Tells subscribers of the run, and of its gap where that became news.
 */
export async function logEvaluation(app: App, run: Run, input: LogEvaluationInput): Promise<StoredEvaluation> {
  const values = [...scoreValues("train", input.train), ...imageValues(input.val)];
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
  if (isNew) {
    app.events.runChanged(run, "EVALUATION");
    if (isNews(evaluations, stored)) app.events.gapChanged(run);
  }
  return stored;
}

async function store({ pool }: App, run: Run, input: LogEvaluationInput, values: unknown[]): Promise<boolean> {
  return transaction(pool, async (client) => {
    const { rows } = await client.query<{ lease_generation: number; trashed: boolean }>(
      "SELECT lease_generation, trashed_at IS NOT NULL AS trashed FROM run WHERE dist_key = $1 AND id = $2 FOR SHARE",
      [run.distKey, run.id],
    );
    if (!rows[0] || rows[0].trashed) throw notFound("run", run.id);
    if (rows[0].lease_generation !== input.leaseGeneration)
      throw new AppError(
        "FENCED",
        `Run ${run.id} is held under lease generation ${rows[0].lease_generation}; this evaluation is of generation ${input.leaseGeneration}. Stop: another worker has taken over.`,
      );
    const key = [run.distKey, run.id, input.step, input.epoch, input.leaseGeneration];
    const arrival = await nextArrival(client, run);
    const places = columns.map((_, i) => `$${i + 7}`);
    const inserted = await client.query(
      `INSERT INTO evaluation (dist_key, run_id, step, epoch, lease_generation, arrival, ${columns.join(", ")})
       VALUES ($1, $2, $3, $4, $5, $6, ${places.join(", ")}) ON CONFLICT DO NOTHING RETURNING step`,
      [...key, arrival, ...values],
    );
    if (inserted.rows.length > 0) return true;
    const same = columns.map((column, i) => `${column} IS NOT DISTINCT FROM $${i + 6}`).join(" AND ");
    const found = await client.query(
      `SELECT ${same} AS same FROM evaluation
       WHERE dist_key = $1 AND run_id = $2 AND step = $3 AND epoch = $4 AND lease_generation = $5`,
      [...key, ...values],
    );
    if (found.rows[0]?.same) return false;
    throw new AppError(
      "CONFLICT",
      `Epoch ${input.epoch} at step ${input.step} was logged before with other numbers. Nothing was stored.`,
      {
        field: "epoch",
      },
    );
  });
}

function scoreValues(split: "train" | "val", score: SplitScoreInput): unknown[] {
  const { examples, correct, meanLoss, lossVariance, imagesHash } = score;
  if (examples < 1)
    throw badInput(`${split}.examples`, `${split}.examples is ${examples}; a split that was scored has images.`, [
      1,
      2 ** 31 - 1,
    ]);
  if (correct < 0 || correct > examples)
    throw badInput(`${split}.correct`, `${split}.correct is ${correct} of ${examples} images.`, [0, examples]);
  if (lossVariance != null && lossVariance < 0)
    throw badInput(`${split}.lossVariance`, `${split}.lossVariance is ${lossVariance}; a variance is not negative.`, [
      0,
      null,
    ]);
  if (imagesHash != null && !/^[\w:+/=-]{1,128}$/.test(imagesHash))
    throw badInput(`${split}.imagesHash`, `${split}.imagesHash is 1 to 128 characters of a hash.`, [1, 128]);
  return [examples, correct, float8(meanLoss), float8(lossVariance ?? null), imagesHash ?? null];
}

function imageValues(val: SplitScoreInput): unknown[] {
  const scores = scoreValues("val", val);
  const predictions = bytesOf("val.predictions", val.predictions, [val.examples, val.examples * 2]);
  return [...scores, predictions, bytesOf("val.losses", val.losses, [val.examples * 4])];
}

/** `lengths`: one byte an image (two, little-endian, above 256 classes), or one little-endian float32. */
function bytesOf(field: string, text: string | null | undefined, lengths: number[]): Buffer | null {
  if (text == null) return null;
  try {
    const bytes = Buffer.from(decodeBase64(text));
    if (lengths.includes(bytes.length)) return bytes;
    throw badInput(
      field,
      `${field} has ${bytes.length} bytes; for so many images ${lengths.join(" or ")} are expected.`,
      lengths,
    );
  } catch (error) {
    if (error instanceof RangeError) throw badInput(field, `${field}: ${error.message}`);
    throw error;
  }
}

/** Whether an evaluation changed what the run's gap is said to be: another verdict, or a gap that passed the threshold. */
function isNews(evaluations: StoredEvaluation[], latest: StoredEvaluation): boolean {
  const before = assessGap(evaluations.filter((evaluation) => evaluation !== latest));
  const after = assessGap(evaluations);
  const passed = (gap: number | undefined) => gap !== undefined && gap >= ALERT_GAP;
  return before.verdict !== after.verdict || (passed(after.accuracy?.estimate) && !passed(before.accuracy?.estimate));
}
