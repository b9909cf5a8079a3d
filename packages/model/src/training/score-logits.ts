/** One image scored: its plain cross-entropy (no label smoothing), the class with the largest logit, and how sure it is. */
export interface ImageScore {
  readonly loss: number;
  readonly prediction: number;
  /** Softmax probability of the predicted class. */
  readonly confidence: number;
  /** How many classes have a larger logit than the label; infinite where the label's is no number. */
  readonly rank: number;
}

/** Scores row `row` of logits [B, C] against its label, in double precision: −log softmax(logits)[label]. */
export function scoreLogits(logits: Float32Array, row: number, classes: number, label: number): ImageScore {
  const start = row * classes;
  let prediction = 0;
  for (let i = 1; i < classes; i++) if (logits[start + i]! > logits[start + prediction]!) prediction = i;
  const largest = logits[start + prediction]!;
  const ofLabel = logits[start + label]!;
  let sum = 0;
  let rank = Number.isNaN(ofLabel) ? Number.POSITIVE_INFINITY : 0;
  for (let i = 0; i < classes; i++) {
    sum += Math.exp(logits[start + i]! - largest);
    if (logits[start + i]! > ofLabel) rank++;
  }
  return { loss: Math.log(sum) + largest - ofLabel, prediction, confidence: 1 / sum, rank };
}

/** Mean loss and accuracy of the first `labels.length` rows. */
export function scoreBatch(
  logits: Float32Array,
  labels: Uint16Array,
  classes: number,
): { readonly loss: number; readonly accuracy: number } {
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const score = scoreLogits(logits, i, classes, labels[i]!);
    loss += score.loss;
    if (score.prediction === labels[i]) correct++;
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}
