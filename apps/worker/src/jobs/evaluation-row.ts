import type { EvaluatedEvent, SplitScore } from "@residual/model";
import { encodeBase64 } from "@residual/shared";
import type { EvaluationRow, SplitScoreRow } from "../operations.js";

/** An evaluation as the API takes it. Per-image results are sent for val, whose images all runs on a dataset share. */
export function evaluationRow(
  event: EvaluatedEvent,
  run: string,
  leaseGeneration: number,
  classes: number,
): EvaluationRow {
  return {
    run,
    leaseGeneration,
    epoch: event.epoch,
    step: event.step,
    train: scoreRow(event.train),
    val: {
      ...scoreRow(event.val),
      predictions: encodeBase64(predictionBytes(event.val.predictions, classes)),
      losses: encodeBase64(littleEndianBytes(event.val.losses)),
    },
  };
}

function scoreRow({ examples, correct, meanLoss, lossVariance, imagesHash }: SplitScore): SplitScoreRow {
  return { examples, correct, meanLoss, lossVariance, imagesHash };
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
