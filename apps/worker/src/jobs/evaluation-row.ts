import type { EvaluatedEvent, SplitScore, TestedEvent } from "@residual/model";
import { encodeBase64, packPredictions } from "@residual/shared";
import type { EvaluationRow, SplitScoreRow, TestScoreRow, WireNumber } from "../operations.js";

/** A request that holds it stays far below the largest body that the API takes. */
const IMAGE_RESULTS_LIMIT = 900_000;
/** Recalls of more classes would not fit beside them, and nobody reads so many bars. */
const RECALLS_LIMIT = 5_000;

/**
 * An evaluation as the API takes it. Per-image results are sent for val, whose images all runs on a dataset share; of a val split too
 * large for one request the losses are left out first, then how sure the network was, then the predictions.
 */
export function evaluationRow(
  event: EvaluatedEvent,
  run: string,
  leaseGeneration: number,
  classes: number,
): EvaluationRow {
  const { epoch, step, train, val } = event;
  return { run, leaseGeneration, epoch, step, train: scoreRow(train), val: rowWithImages(val, classes) };
}

/** The score of the test split as the API takes it, with its per-image results where they fit into one request. */
export function testScoreRow(
  { step, score }: TestedEvent,
  run: string,
  leaseGeneration: number,
  classes: number,
): TestScoreRow {
  return { run, leaseGeneration, step, score: rowWithImages(score, classes) };
}

function rowWithImages(score: SplitScore, classes: number): SplitScoreRow {
  const { confidences, hits: correct } = score;
  const packed = encodeBase64(packPredictions({ predictions: score.predictions, confidences, correct }));
  const isPacked = packed.length <= IMAGE_RESULTS_LIMIT;
  const predictions = isPacked ? packed : encodeBase64(predictionBytes(score.predictions, classes));
  const losses = encodeBase64(littleEndianBytes(score.losses));
  return {
    ...scoreRow(score),
    ...(predictions.length <= IMAGE_RESULTS_LIMIT ? { predictions } : {}),
    ...(predictions.length + losses.length <= IMAGE_RESULTS_LIMIT ? { losses } : {}),
  };
}

function scoreRow(score: SplitScore): SplitScoreRow {
  const { examples, correct, meanLoss, lossVariance, imagesHash, top5Correct, classRecalls } = score;
  const { balancedAccuracy, macroF1, expectedCalibrationError } = score;
  return {
    examples,
    correct,
    meanLoss: wireNumber(meanLoss),
    lossVariance: wireNumber(lossVariance),
    imagesHash,
    ...(top5Correct === undefined ? {} : { top5Correct }),
    balancedAccuracy,
    macroF1,
    // Of weights that diverged it is no number.
    ...(Number.isFinite(expectedCalibrationError) ? { expectedCalibrationError } : {}),
    ...(classRecalls.length <= RECALLS_LIMIT ? { classRecalls: classRecalls.map(sixDigits) } : {}),
  };
}

function sixDigits(recall: number | null): number | null {
  return recall === null ? null : Math.round(recall * 1e6) / 1e6;
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
