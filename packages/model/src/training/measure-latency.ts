import type { ArchitectureSpec } from "../architectures/registry.js";
import type { Executor } from "../executors/executor.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import { writeInitialValues } from "./write-initial-values.js";

/** How fast a trained network answers on an executor; no image is decoded. */
export interface InferenceSpeed {
  /** Of one image alone. */
  readonly latencyP50Milliseconds: number;
  readonly latencyP95Milliseconds: number;
  /** In batches. */
  readonly inferenceImagesPerSecond: number;
}

export interface InferenceOptions {
  readonly architecture: ArchitectureSpec;
  readonly imageSize: number;
  readonly classes: number;
  /** Images of a batch; 32 unless said. */
  readonly batchSize?: number;
  /** Single images that are timed; 40 unless said. */
  readonly singles?: number;
}

const WARM_UP = 3;
const TIMED_BATCHES = 3;

/** Times inference with random weights: what they are does not change how long they take. */
export async function measureLatency(executor: Executor, options: InferenceOptions): Promise<InferenceSpeed> {
  const { batchSize = 32, singles = 40 } = options;
  const alone = await timeRuns(executor, options, 1, singles);
  const together = await timeRuns(executor, options, batchSize, TIMED_BATCHES);
  return {
    latencyP50Milliseconds: quantile(alone, 0.5),
    latencyP95Milliseconds: quantile(alone, 0.95),
    inferenceImagesPerSecond: (1000 * batchSize) / quantile(together, 0.5),
  };
}

/** Milliseconds of each run, ascending. */
async function timeRuns(
  executor: Executor,
  { architecture, imageSize, classes }: InferenceOptions,
  batchSize: number,
  count: number,
): Promise<number[]> {
  const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize });
  const session = await executor.openSession([graph]);
  try {
    await writeInitialValues(session, graph.variables, architecture.family, 0);
    const feeds = new Map([["images", new Float32Array(batchSize * imageSize * imageSize * 3).fill(0.5)]]);
    const milliseconds: number[] = [];
    for (let run = -WARM_UP; run < count; run++) {
      const begin = performance.now();
      await session.run(graph, { values: [logits], applyUpdates: false }, feeds);
      if (run >= 0) milliseconds.push(performance.now() - begin);
    }
    return milliseconds.sort((a, b) => a - b);
  } finally {
    session.dispose();
  }
}

/** The smallest value that at least this share of the ascending values does not exceed. */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)]!;
}
