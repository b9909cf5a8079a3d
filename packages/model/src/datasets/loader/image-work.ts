import { type Augmentation, Random } from "@residual/shared";
import { augment } from "../augmentation/augment.js";
import { type Mix, mixInto } from "../augmentation/mix.js";
import { DatasetError } from "../dataset-error.js";
import { type Normalization, normalizeInto } from "../normalization.js";
import { storedPixels } from "../stored-image.js";
import { type ImageSource, readStoredImage } from "./image-source.js";
import { readListedImage } from "./read-listed-image.js";

/** One image of a batch: which of the source, where in the batch, and the seed of its variation. */
interface Slot {
  readonly image: number;
  readonly position: number;
  readonly seed: number;
}

/** Some images of a batch, to be written into it normalised. Two that are mixed come together. */
export interface FillWork {
  readonly kind: "fill";
  /** Shared memory: [B, S, S, 3]. */
  readonly batch: Float32Array;
  readonly groups: readonly { readonly slots: readonly [Slot] | readonly [Slot, Slot]; readonly mix?: Mix }[];
  readonly level: Augmentation;
  readonly normalization: Normalization;
}

/** An image of a folder, to be decoded and resized for the store. */
interface StoreWork {
  readonly kind: "store";
  readonly image: number;
}

export type ImageWork = FillWork | StoreWork;

export interface StoredResult {
  /** Size before it was resized. */
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** What a thread does with a piece of work; a fill has no result but the batch. */
export async function doImageWork(source: ImageSource, work: ImageWork): Promise<StoredResult | undefined> {
  if (work.kind === "fill") return fill(source, work);
  if (source.kind !== "folder") throw new Error("only images of a folder can be decoded for the store");
  const image = await readListedImage(source.folder, source.listing, work.image);
  const { data } = storedPixels(image, source.imageSize, source.rule);
  return { width: image.width, height: image.height, pixels: data };
}

async function fill(source: ImageSource, { batch, groups, level, normalization }: FillWork): Promise<undefined> {
  const { imageSize } = source;
  const elements = imageSize * imageSize * 3;
  const vary = async ({ image, seed }: Slot) =>
    augment(await readStoredImage(source, image), imageSize, level, new Random(seed));
  for (const { slots, mix } of groups) {
    const [first, second] = slots;
    const pixels = await vary(first);
    if (!second) {
      normalizeInto(batch, first.position * elements, pixels, normalization);
      continue;
    }
    const partner = await vary(second);
    mixInto(batch, first.position * elements, pixels, partner, imageSize, mix, normalization);
    mixInto(batch, second.position * elements, partner, pixels, imageSize, mix, normalization);
  }
}

/** An error as it crosses from a thread: of its class, only DatasetError matters to others. */
export interface WorkFailure {
  readonly message: string;
  readonly isDatasetError: boolean;
}

export function failureOf(error: unknown): WorkFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { message, isDatasetError: error instanceof DatasetError };
}

export function errorOf({ message, isDatasetError }: WorkFailure): Error {
  return isDatasetError ? new DatasetError(message) : new Error(message);
}
