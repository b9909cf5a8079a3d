import type { ListedImage } from "@residual/shared";
import { unpackPredictions } from "@residual/shared";
import type { Context } from "../../context.js";
import type { Dataset } from "../dataset/dataset.entity.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { imageListOf } from "../dataset/image-list.js";
import type { ScoredSplit, SplitScore } from "./evaluation.type.js";
import { splitLabels } from "./split-labels.js";

/** What a run said of each image of a split, in the split's order. */
export interface JudgedSplit {
  readonly source: ScoredSplit;
  readonly dataset: Dataset | null;
  readonly classes: ArrayLike<number>;
  readonly correct: Uint8Array;
  /** Null where only the classes were logged. */
  readonly confidences: Float32Array | null;
  /** Class indices; null where they are not known. */
  readonly labels: ArrayLike<number> | null;
  /** The files; null where no scan has seen exactly these images. */
  readonly files: readonly ListedImage[] | null;
}

/** Null where predictions were not logged, or nothing tells which of them are right. */
export async function judgedSplit(context: Context, score: SplitScore): Promise<JudgedSplit | null> {
  const { source, examples } = score;
  const { run, imagesHash } = source;
  const [predictions, dataset] = await Promise.all([
    score.predictions(context),
    run.datasetId ? context.load(datasetById).load(run.datasetId) : null,
  ]);
  if (!predictions) return null;
  const listed =
    dataset && imagesHash ? await context.load(imageListOf).load({ datasetId: dataset.id, imagesHash }) : null;
  const files = listed?.length === examples ? listed : null;
  const labels = dataset && (files ? labelsOfFiles(dataset, files) : splitLabels(dataset, source.split, examples));
  const common = { source, dataset, labels, files };
  if (predictions.packed) {
    const { predictions: classes, confidences, correct } = unpackPredictions(predictions.packed);
    return { ...common, classes, confidences, correct };
  }
  const { classes } = predictions;
  if (!labels) return null;
  const correct = Uint8Array.from(labels, (label, i) => (classes[i] === label ? 1 : 0));
  // As many images as before, but not the same ones: then the labels are not theirs.
  if (correct.reduce((sum, one) => sum + one, 0) !== score.correct) return null;
  return { ...common, classes, confidences: null, correct };
}

/** The folder that a file lies in is its class; null where the dataset has no such class any more. */
function labelsOfFiles({ classes }: Dataset, files: readonly ListedImage[]): Uint16Array | null {
  const numbers = new Map(classes.map(({ name }, number) => [name, number]));
  const labels = new Uint16Array(files.length);
  for (const [i, { path }] of files.entries()) {
    const label = numbers.get(path.slice(0, path.indexOf("/")));
    if (label === undefined) return null;
    labels[i] = label;
  }
  return labels;
}
