import { decodeBase64, packedPredictionBytes, unpackPredictions } from "@residual/shared";
import { badInput } from "../../errors.js";
import { float8 } from "../metric/store-summaries.js";
import type { SplitScoreInput } from "./evaluation.type.js";

/** What a score says beyond loss and accuracy; null where it was not logged. */
export type ScoreDetails = {
  top5Correct: number | null;
  balancedAccuracy: number | null;
  macroF1: number | null;
  expectedCalibrationError: number | null;
  classRecalls: (number | null)[] | null;
};

/** Predictions are class indices of 16 bits. */
const maxClasses = 2 ** 16;

/** A score as its columns hold it: examples, correct, mean loss, loss variance, hash of the images, details. Throws BAD_INPUT for what cannot be. */
export function scoreValues(field: string, score: SplitScoreInput): unknown[] {
  const { examples, correct, meanLoss, lossVariance, imagesHash } = score;
  if (examples < 1)
    throw badInput(`${field}.examples`, `${field}.examples is ${examples}; a split that was scored has images.`, [
      1,
      2 ** 31 - 1,
    ]);
  if (correct < 0 || correct > examples)
    throw badInput(`${field}.correct`, `${field}.correct is ${correct} of ${examples} images.`, [0, examples]);
  if (lossVariance != null && lossVariance < 0)
    throw badInput(`${field}.lossVariance`, `${field}.lossVariance is ${lossVariance}; a variance is not negative.`, [
      0,
      null,
    ]);
  if (imagesHash != null && !/^[\w:+/=-]{1,128}$/.test(imagesHash))
    throw badInput(`${field}.imagesHash`, `${field}.imagesHash is 1 to 128 characters of a hash.`, [1, 128]);
  const details = detailsOf(field, score);
  return [examples, correct, float8(meanLoss), float8(lossVariance ?? null), imagesHash ?? null, details];
}

/**
 * Predictions and losses of each image, as their columns hold them: the class in one byte (two, little-endian, above 256 classes), or packed in
 * four with its confidence and whether it is right; one little-endian float32. Throws BAD_INPUT for other lengths, and for packed predictions
 * of which not `correct` are right.
 */
export function imageValues(field: string, score: SplitScoreInput): (Buffer | null)[] {
  const { examples, correct, losses } = score;
  const lengths = [examples, examples * 2, examples * packedPredictionBytes];
  const predictions = bytesOf(`${field}.predictions`, score.predictions, lengths);
  if (predictions?.length === examples * packedPredictionBytes) {
    const right = unpackPredictions(predictions).correct.reduce((sum, one) => sum + one, 0);
    if (right !== correct)
      throw badInput(
        `${field}.predictions`,
        `${field}.predictions says that ${right} images are right, ${field}.correct that ${correct} are.`,
      );
  }
  return [predictions, bytesOf(`${field}.losses`, losses, [examples * 4])];
}

/** As JSON, or null where nothing of it was logged. */
function detailsOf(field: string, score: SplitScoreInput): string | null {
  const { examples, correct, classRecalls } = score;
  const top5Correct = score.top5Correct ?? null;
  if (top5Correct !== null && (top5Correct < correct || top5Correct > examples))
    throw badInput(
      `${field}.top5Correct`,
      `${field}.top5Correct is ${top5Correct}; it counts the ${correct} right images and more, of ${examples}.`,
      [correct, examples],
    );
  if (classRecalls && (classRecalls.length < 1 || classRecalls.length > maxClasses))
    throw badInput(
      `${field}.classRecalls`,
      `${field}.classRecalls has ${classRecalls.length} entries; 1 to ${maxClasses} classes can be.`,
      [1, maxClasses],
    );
  const details: ScoreDetails = {
    top5Correct,
    balancedAccuracy: fraction(`${field}.balancedAccuracy`, score.balancedAccuracy),
    macroF1: fraction(`${field}.macroF1`, score.macroF1),
    expectedCalibrationError: fraction(`${field}.expectedCalibrationError`, score.expectedCalibrationError),
    classRecalls: classRecalls?.map((recall, i) => fraction(`${field}.classRecalls[${i}]`, recall)) ?? null,
  };
  return Object.values(details).every((value) => value === null) ? null : JSON.stringify(details);
}

function fraction(field: string, value: number | null | undefined): number | null {
  if (value == null) return null;
  if (value >= 0 && value <= 1) return value;
  throw badInput(field, `${field} is ${value}; it is a fraction, from 0 to 1.`, [0, 1]);
}

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
