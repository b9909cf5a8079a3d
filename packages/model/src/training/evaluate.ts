import { setImmediate } from "node:timers/promises";
import { EvaluationBatches } from "../datasets/evaluation-batches.js";
import type { Normalization } from "../datasets/normalization.js";
import type { PixelStore } from "../datasets/pixel-store.js";
import type { Session } from "../executors/executor.js";
import type { EvaluationGraph } from "../graph/evaluation-graph.js";
import { scoreLogits } from "./score-logits.js";
import type { Examples } from "./training-data.js";
import type { SplitScore } from "./training-event.js";

export interface EvaluationOptions {
  readonly session: Session;
  readonly evaluation: EvaluationGraph;
  readonly store: PixelStore;
  readonly normalization: Normalization;
  /** Called before every batch with the examples done so far; true ends the evaluation without a result. */
  readonly interrupted: (done: number) => boolean;
}

/**
 * Scores every example once with the session's present weights. The graph's batch size is fixed: the last batch is padded with grey
 * images whose rows are not counted, so that sums run over examples and never over batch means.
 */
export async function evaluate(examples: Examples, options: EvaluationOptions): Promise<SplitScore | undefined> {
  const { session, evaluation, store, normalization } = options;
  const [batchSize, classes] = evaluation.logits.shape as [number, number];
  const batches = new EvaluationBatches({ store, indices: examples.indices, batchSize, normalization });
  const count = examples.indices.length;
  const losses = new Float32Array(count);
  const predictions = new Uint16Array(count);
  let correct = 0;
  let sum = 0;
  let sumOfSquares = 0;
  for (let start = 0; start < count; start += batchSize) {
    // As in training: whatever else the process does gets its turn.
    await setImmediate();
    if (options.interrupted(start)) return undefined;
    const indices = examples.indices.subarray(start, start + batchSize);
    const images = await batches.batch(start / batchSize);
    const fetch = { values: [evaluation.logits], applyUpdates: false };
    const [logits] = await session.run(evaluation.graph, fetch, new Map([["images", images]]));
    for (let i = 0; i < indices.length; i++) {
      const label = examples.labels[start + i]!;
      const { loss, prediction } = scoreLogits(logits!, i, classes, label);
      losses[start + i] = loss;
      predictions[start + i] = prediction;
      if (prediction === label) correct++;
      sum += loss;
      sumOfSquares += loss * loss;
    }
  }
  const meanLoss = sum / count;
  const lossVariance = count > 1 ? Math.max(0, (sumOfSquares - count * meanLoss * meanLoss) / (count - 1)) : 0;
  return { examples: count, correct, meanLoss, lossVariance, predictions, losses, imagesHash: examples.imagesHash };
}
