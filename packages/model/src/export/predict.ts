import { readFile } from "node:fs/promises";
import { decodeImage } from "../datasets/decode-image.js";
import { normalizeInto } from "../datasets/normalization.js";
import { preprocess } from "../datasets/preprocessing.js";
import type { Executor } from "../executors/executor.js";
import { buildEvaluationGraph } from "../graph/evaluation-graph.js";
import type { TrainedModel } from "./trained-model.js";

/** What the model thinks of one image, or why the image could not be read. */
export type Prediction =
  | { readonly image: string; readonly scores: readonly ClassScore[] }
  | { readonly image: string; readonly problem: string };

export interface ClassScore {
  readonly className: string;
  /** 0 to 1; all of an image's sum to 1. */
  readonly probability: number;
}

/** Images run at a time; more would need more memory than they save time. */
const largestBatch = 8;

/** Asks a model about image files, in their order; the most probable class of each comes first. */
export async function* predict(
  model: TrainedModel,
  executor: Executor,
  images: readonly string[],
): AsyncGenerator<Prediction, void> {
  const { architecture, imageSize, classNames, preprocessing, values } = model;
  const classes = classNames.length;
  const batchSize = Math.max(1, Math.min(largestBatch, images.length));
  const { graph, logits } = buildEvaluationGraph({ architecture, imageSize, classes, batchSize });
  const session = await executor.openSession([graph]);
  try {
    await session.write(values);
    const normalization = { mean: preprocessing.mean, deviation: preprocessing.standardDeviation };
    const elements = imageSize * imageSize * 3;
    for (let start = 0; start < images.length; start += batchSize) {
      const paths = images.slice(start, start + batchSize);
      const problems = new Map<string, string>();
      const input = new Float32Array(batchSize * elements);
      for (const [index, path] of paths.entries()) {
        try {
          const pixels = preprocess(await decodeImage(await readFile(path)), imageSize, preprocessing);
          normalizeInto(input, index * elements, pixels, normalization);
        } catch (error) {
          problems.set(path, (error as Error).message);
        }
      }
      const fetch = { values: [logits], applyUpdates: false };
      const [result] = await session.run(graph, fetch, new Map([["images", input]]));
      for (const [index, image] of paths.entries()) {
        const problem = problems.get(image);
        const row = result!.subarray(index * classes, (index + 1) * classes);
        yield problem === undefined ? { image, scores: scoresOf(row, classNames) } : { image, problem };
      }
    }
  } finally {
    session.dispose();
  }
}

function scoresOf(logits: Float32Array, classNames: readonly string[]): ClassScore[] {
  const largest = logits.reduce((max, logit) => Math.max(max, logit), -Infinity);
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return classNames
    .map((className, index) => ({ className, probability: powers[index]! / total }))
    .sort((a, b) => b.probability - a.probability);
}
