import type { EvaluatedEvent, SplitScore } from "@residual/model";
import { encodeBase64 } from "@residual/shared";
import type { EvaluationRow, SplitScoreRow, WireNumber } from "../operations.js";

/** The API takes bodies of 1 MiB. */
const IMAGE_RESULTS_LIMIT = 900_000;

/**
 * An evaluation as the API takes it. Per-image results are sent for val, whose images all runs on a dataset share; of a val split too
 * large for one request the losses are left out first, then the predictions.
 */
export function evaluationRow(
  event: EvaluatedEvent,
  run: string,
  leaseGeneration: number,
  classes: number,
): EvaluationRow {
  const predictions = encodeBase64(predictionBytes(event.val.predictions, classes));
  const losses = encodeBase64(littleEndianBytes(event.val.losses));
  const val: SplitScoreRow = {
    ...scoreRow(event.val),
    ...(predictions.length <= IMAGE_RESULTS_LIMIT ? { predictions } : {}),
    ...(predictions.length + losses.length <= IMAGE_RESULTS_LIMIT ? { losses } : {}),
  };
  return { run, leaseGeneration, epoch: event.epoch, step: event.step, train: scoreRow(event.train), val };
}

function scoreRow({ examples, correct, meanLoss, lossVariance, imagesHash }: SplitScore): SplitScoreRow {
  return { examples, correct, meanLoss: wireNumber(meanLoss), lossVariance: wireNumber(lossVariance), imagesHash };
}

/** JSON has no NaN and no infinities; the API's scalar takes their names. */
function wireNumber(value: number): WireNumber {
  return Number.isFinite(value) ? value : (String(value) as WireNumber);
}

/** One byte an image as long as the classes' numbers fit into it. */
function predictionBytes(predictions: Uint16Array, classes: number): Uint8Array {
  if (classes <= 256) return Uint8Array.from(predictions);
  const bytes = new DataView(new ArrayBuffer(predictions.length * 2));
  for (const [index, label] of predictions.entries()) bytes.setUint16(index * 2, label, true);
  return new Uint8Array(bytes.buffer);
}

function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) bytes.setFloat32(index * 4, value, true);
  return new Uint8Array(bytes.buffer);
}
