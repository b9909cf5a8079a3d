/** One image scored: its plain cross-entropy (no label smoothing) and the class with the largest logit. */
export interface ImageScore {
  readonly loss: number;
  readonly prediction: number;
}

/** Scores row `row` of logits [B, C] against its label, in double precision: −log softmax(logits)[label]. */
export function scoreLogits(logits: Float32Array, row: number, classes: number, label: number): ImageScore {
  const start = row * classes;
  let prediction = 0;
  for (let i = 1; i < classes; i++) if (logits[start + i]! > logits[start + prediction]!) prediction = i;
  const largest = logits[start + prediction]!;
  let sum = 0;
  for (let i = 0; i < classes; i++) sum += Math.exp(logits[start + i]! - largest);
  return { loss: Math.log(sum) + largest - logits[start + label]!, prediction };
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
