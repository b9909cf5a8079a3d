import { confusionMatrix, expectedCalibrationError, scoreClassification } from "@residual/shared";
import { type ImageScore, scoreLogits } from "./score-logits.js";
import type { Examples } from "./training-data.js";
import type { SplitScore } from "./training-event.js";

/** Collects the scores of a split's examples, in their order, into one score. Sums run over examples, never over batch means. */
export class SplitScorer {
  private readonly losses: Float32Array;
  private readonly predictions: Uint16Array;
  private readonly confidences: Float32Array;
  private scored = 0;
  private top5 = 0;

  constructor(
    private readonly examples: Examples,
    private readonly classes: number,
  ) {
    const count = examples.indices.length;
    this.losses = new Float32Array(count);
    this.predictions = new Uint16Array(count);
    this.confidences = new Float32Array(count);
  }

  /** Scores the next example by row `row` of logits [B, C]. */
  add(logits: Float32Array, row: number): void {
    const { loss, prediction, confidence, rank }: ImageScore = scoreLogits(
      logits,
      row,
      this.classes,
      this.examples.labels[this.scored]!,
    );
    this.losses[this.scored] = loss;
    this.predictions[this.scored] = prediction;
    this.confidences[this.scored] = confidence;
    if (rank < 5) this.top5++;
    this.scored++;
  }

  score(): SplitScore {
    const { losses, predictions, confidences, examples, classes } = this;
    const { labels, imagesHash } = examples;
    const hits = Array.from(predictions, (prediction, i) => (prediction === labels[i] ? 1 : 0));
    const confusion = confusionMatrix(labels, predictions, classes);
    const { balancedAccuracy, macroF1, perClass } = scoreClassification(confusion);
    return {
      examples: labels.length,
      correct: hits.reduce<number>((sum, hit) => sum + hit, 0),
      top5Correct: classes > 5 ? this.top5 : undefined,
      ...meanAndVariance(losses),
      balancedAccuracy: balancedAccuracy!,
      macroF1: macroF1!,
      expectedCalibrationError: expectedCalibrationError(Array.from(confidences), hits)!,
      classRecalls: perClass.map(({ recall }) => recall),
      classExamples: confusion.map((row) => row.reduce((sum, count) => sum + count, 0)),
      predictions,
      confidences,
      hits: Uint8Array.from(hits),
      losses,
      imagesHash,
    };
  }
}

function meanAndVariance(losses: Float32Array): { readonly meanLoss: number; readonly lossVariance: number } {
  let sum = 0;
  for (const loss of losses) sum += loss;
  const meanLoss = sum / losses.length;
  let squares = 0;
  for (const loss of losses) squares += (loss - meanLoss) ** 2;
  return { meanLoss, lossVariance: losses.length > 1 ? squares / (losses.length - 1) : 0 };
}
