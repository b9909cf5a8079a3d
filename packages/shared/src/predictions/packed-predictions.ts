/** What a network said of each image of a split, in the split's order. */
export interface PackedPredictions {
  /** Class of the highest probability. */
  readonly predictions: Uint16Array;
  /** That probability, to within 1.6e-5. */
  readonly confidences: Float32Array;
  /** 1 where that class is the image's. */
  readonly correct: Uint8Array;
}

/** Of an image. */
export const packedPredictionBytes = 4;

const LARGEST_CONFIDENCE = 0x7fff;
const CORRECT = 0x8000;

/**
 * Predictions in four bytes an image: the class as a little-endian uint16, then a little-endian uint16 whose highest bit says whether it is
 * the image's class, and whose other bits hold the confidence in steps of 1/32767. A confidence that is no number, as of weights that
 * diverged, is kept as 0. Throws a RangeError where the columns differ in length.
 */
export function packPredictions({ predictions, confidences, correct }: PackedPredictions): Uint8Array<ArrayBuffer> {
  const { length } = predictions;
  if (confidences.length !== length || correct.length !== length)
    throw new RangeError(
      `Of ${length} predictions there are ${confidences.length} confidences and ${correct.length} answers; each image has one of each.`,
    );
  const bytes = new Uint8Array(length * packedPredictionBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < length; i++) {
    const confidence = Math.min(1, Math.max(0, confidences[i]! || 0));
    view.setUint16(4 * i, predictions[i]!, true);
    view.setUint16(4 * i + 2, Math.round(confidence * LARGEST_CONFIDENCE) | (correct[i] ? CORRECT : 0), true);
  }
  return bytes;
}

/** For each image 1 where the prediction is right, without unpacking the rest. Throws a RangeError for bytes that are not four an image. */
export function unpackCorrect(bytes: Uint8Array): Uint8Array {
  const correct = new Uint8Array(imagesIn(bytes));
  for (let i = 0; i < correct.length; i++) correct[i] = bytes[4 * i + 3]! >>> 7;
  return correct;
}

/** Throws a RangeError for bytes that are not four an image. */
export function unpackPredictions(bytes: Uint8Array): PackedPredictions {
  const length = imagesIn(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const predictions = new Uint16Array(length);
  const confidences = new Float32Array(length);
  const correct = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const answer = view.getUint16(4 * i + 2, true);
    predictions[i] = view.getUint16(4 * i, true);
    confidences[i] = (answer & LARGEST_CONFIDENCE) / LARGEST_CONFIDENCE;
    correct[i] = answer >>> 15;
  }
  return { predictions, confidences, correct };
}

function imagesIn(bytes: Uint8Array): number {
  if (bytes.length % packedPredictionBytes !== 0)
    throw new RangeError(`Packed predictions have four bytes an image; these are ${bytes.length} bytes.`);
  return bytes.length / packedPredictionBytes;
}
