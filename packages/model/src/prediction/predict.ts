import { readFile } from "node:fs/promises";
import { decodeImage } from "../datasets/decode-image.js";
import { preprocess } from "../datasets/preprocessing.js";
import type { Classifier } from "./classifier.js";

/** What the classifier thinks of one image, or why the image could not be read. */
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

/** Asks a classifier about image files, in their order; the most probable class of each comes first. */
export async function* predict(classifier: Classifier, images: readonly string[]): AsyncGenerator<Prediction, void> {
  const { imageSize, classNames, preprocessing } = classifier;
  const classes = classNames.length;
  const batchSize = Math.max(1, Math.min(largestBatch, images.length));
  const session = await classifier.open(batchSize);
  try {
    const elements = imageSize * imageSize * 3;
    for (let start = 0; start < images.length; start += batchSize) {
      const paths = images.slice(start, start + batchSize);
      const problems = new Map<string, string>();
      const pixels = new Float32Array(batchSize * elements);
      for (const [index, path] of paths.entries()) {
        try {
          pixels.set(preprocess(await decodeImage(await readFile(path)), imageSize, preprocessing), index * elements);
        } catch (error) {
          problems.set(path, (error as Error).message);
        }
      }
      const logits = await session.logits(pixels);
      for (const [index, image] of paths.entries()) {
        const problem = problems.get(image);
        const row = logits.subarray(index * classes, (index + 1) * classes);
        yield problem === undefined ? { image, scores: scoresOf(row, classNames) } : { image, problem };
      }
    }
  } finally {
    session.close();
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
