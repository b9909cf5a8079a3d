import { setImmediate } from "node:timers/promises";
import { EvaluationBatches } from "../datasets/evaluation-batches.js";
import type { Normalization } from "../datasets/normalization.js";
import type { PixelStore } from "../datasets/pixel-store.js";
import type { Session } from "../executors/executor.js";
import type { EvaluationGraph } from "../graph/evaluation-graph.js";
import { SplitScorer } from "./score-split.js";
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
 * images whose rows are not counted.
 */
export async function evaluate(examples: Examples, options: EvaluationOptions): Promise<SplitScore | undefined> {
  const { session, evaluation, store, normalization } = options;
  const [batchSize, classes] = evaluation.logits.shape as [number, number];
  const batches = new EvaluationBatches({ store, indices: examples.indices, batchSize, normalization });
  const count = examples.indices.length;
  const scorer = new SplitScorer(examples, classes);
  for (let start = 0; start < count; start += batchSize) {
    // As in training: whatever else the process does gets its turn.
    await setImmediate();
    if (options.interrupted(start)) return undefined;
    const images = await batches.batch(start / batchSize);
    const fetch = { values: [evaluation.logits], applyUpdates: false };
    const [logits] = await session.run(evaluation.graph, fetch, new Map([["images", images]]));
    for (let row = 0; row < Math.min(batchSize, count - start); row++) scorer.add(logits!, row);
  }
  return scorer.score();
}
