import type { TrainingConfig } from "@residual/shared";
import { DatasetError } from "../datasets/dataset-error.js";
import { type LoadOptions, loadImages } from "../datasets/load-images.js";
import type { PixelStore } from "../datasets/pixel-store.js";
import type { ImageFolderScan, ScannedImage } from "../datasets/scan-image-folder.js";
import { hashOfImages, imagesOfSplit, stratifiedSubset } from "../datasets/subset.js";

/** Images of the store with their classes. */
export interface Examples {
  /** Numbers in the store. */
  readonly indices: Uint32Array;
  readonly labels: Uint16Array;
  /** As `hashOfImages` makes it. */
  readonly imagesHash: string;
}

export interface TrainingData {
  readonly store: PixelStore;
  readonly classes: number;
  readonly train: Examples;
  /** What the train side of the gap is measured on: fixed for the run, un-augmented. */
  readonly probe: Examples;
  readonly val: Examples;
  /** Scored once, at the end. */
  readonly test: Examples;
  /** Path of an image of the store, from the dataset's folder on. */
  readonly pathOf: (image: number) => string;
}

const PROBE_IMAGES = 1000;

/** Picks the images of a run, all of train or a stratified part of it, and decodes them with those of val and test. */
export async function loadTrainingData(
  scan: ImageFolderScan,
  config: Pick<TrainingConfig, "imageSize" | "trainImages">,
  options: Omit<LoadOptions, "folder" | "imageSize">,
): Promise<TrainingData> {
  const available = imagesOfSplit(scan, "train");
  const train = stratifiedSubset(available, config.trainImages ?? available.length);
  const val = imagesOfSplit(scan, "val");
  if (val.length === 0) {
    throw new DatasetError(
      `The val split of ${scan.path} is empty. Add images, or enlarge the val fraction, and scan again.`,
    );
  }
  // Large enough to resolve the gap as well as val does, small enough not to cost as much as an epoch.
  const probe = stratifiedSubset(train, Math.max(PROBE_IMAGES, val.length));
  const test = imagesOfSplit(scan, "test");
  const all = [...train, ...val, ...test];
  const numbers = new Map(all.map((image, index) => [image, index]));
  const examples = (images: readonly ScannedImage[]) => examplesOf(images, numbers, scan);
  const store = await loadImages(all, { ...options, folder: scan.path, imageSize: config.imageSize });
  return {
    store,
    classes: scan.classes.length,
    train: examples(train),
    probe: examples(probe),
    val: examples(val),
    test: examples(test),
    pathOf: (image) => all[image]!.path,
  };
}

function examplesOf(
  images: readonly ScannedImage[],
  numbers: ReadonlyMap<ScannedImage, number>,
  scan: ImageFolderScan,
): Examples {
  return {
    indices: Uint32Array.from(images, (image) => numbers.get(image)!),
    labels: Uint16Array.from(images, (image) => image.class),
    imagesHash: hashOfImages(scan, images),
  };
}
