import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { type ImageListing, listImages } from "./loader/image-listing.js";
import type { ImageSource } from "./loader/image-source.js";
import { ImageThreads } from "./loader/image-threads.js";
import { openPixelFile, type PixelFile, readPixels, writePixelFile } from "./loader/pixel-file.js";
import { mapConcurrently } from "./map-concurrently.js";
import { cacheLimit, isLackOfRoom, makeRoom, pixelFilePath, touch } from "./pixel-cache.js";
import { PixelStore } from "./pixel-store.js";
import { placementOf, plainResize, type ResizeAndCrop } from "./preprocessing.js";
import type { ScannedImage } from "./scan-image-folder.js";

export interface LoadOptions {
  /** The folder of class folders that the images' paths start from. */
  readonly folder: string;
  /** Side in pixels. */
  readonly imageSize: number;
  /** How images are resized and cropped for evaluation; what is kept for training follows from it. By default `plainResize`. */
  readonly preprocessing?: ResizeAndCrop;
  /** Decoded images are kept here, so that later runs on the same images need not decode them again. */
  readonly cacheDirectory: string;
  /** Sets up to this size are held in memory, larger ones are read from the cache as they are needed. */
  readonly memoryLimitBytes?: number;
  /** Sets that would take more than this are not kept: their images are decoded whenever they are needed. By default `cacheLimit`. */
  readonly cacheLimitBytes?: number;
  /** Threads that prepare images; a core less than there are by default. */
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const MEMORY_LIMIT = 1024 ** 3;

/**
 * Decodes the images once, resized for the run, and keeps them in a file; a run then never touches the folder again. Sets too large for
 * the disk are read from the folder all along instead, with the same pixels. Every file must still be the one that was scanned.
 *
 * Throws a DatasetError that names the folder, or the file that changed, and the signal's reason when it is aborted.
 */
export async function loadImages(
  images: readonly Pick<ScannedImage, "path" | "contentHash">[],
  options: LoadOptions,
): Promise<PixelStore> {
  const { imageSize, folder, threads, cacheDirectory, memoryLimitBytes = MEMORY_LIMIT } = options;
  const rule = options.preprocessing ?? plainResize;
  const path = pixelFilePath(cacheDirectory, identityOf(images, rule), imageSize);
  const file =
    (await openPixelFile(path, images.length)) ?? (await decodeToFile(listImages(images), path, rule, options));
  if (!file) {
    const source: ImageSource = { kind: "folder", imageSize, rule, folder, listing: listImages(images) };
    return new PixelStore(images.length, source, undefined, threads);
  }
  await touch(path);
  if (file.pixelBytes <= memoryLimitBytes) {
    const pixels = await readPixels(file);
    await file.handle.close();
    return new PixelStore(images.length, { kind: "memory", imageSize, rule, ...pixels }, undefined, threads);
  }
  const { index, handle } = file;
  const source: ImageSource = { kind: "file", imageSize, rule, index, descriptor: handle.fd };
  return new PixelStore(images.length, source, () => handle.close(), threads);
}

/** Undefined where the disk has no room for the file, or none may be written. */
async function decodeToFile(
  listing: ImageListing,
  path: string,
  rule: ResizeAndCrop,
  options: LoadOptions,
): Promise<PixelFile | undefined> {
  const { cacheDirectory, imageSize } = options;
  try {
    const needed = estimatedBytes(listing.count, imageSize, rule);
    const limit = options.cacheLimitBytes ?? (await cacheLimit(cacheDirectory));
    if (needed > limit) return undefined;
    await makeRoom(cacheDirectory, needed, limit);
    await writePixelFile(path, listing.count, (store) => decodeAll(listing, rule, options, store));
  } catch (error) {
    if (isLackOfRoom(error)) return undefined;
    throw error;
  }
  return openPixelFile(path, listing.count);
}

async function decodeAll(
  listing: ImageListing,
  rule: ResizeAndCrop,
  { folder, imageSize, threads: limit = availableParallelism(), onProgress, signal }: LoadOptions,
  store: Parameters<Parameters<typeof writePixelFile>[2]>[0],
): Promise<void> {
  // Nothing trains yet: no core has to be left free.
  const threads = new ImageThreads({ kind: "folder", imageSize, rule, folder, listing }, limit);
  try {
    let done = 0;
    const all = Uint32Array.from({ length: listing.count }, (_, image) => image);
    await mapConcurrently(all, threads.lanes, async (image) => {
      signal?.throwIfAborted();
      await store(image, (await threads.do({ kind: "store", image }))!);
      done++;
      onProgress?.(done, listing.count);
    });
  } finally {
    await threads.close();
  }
}

/** For photos of the usual 4 : 3. */
function estimatedBytes(count: number, imageSize: number, rule: ResizeAndCrop): number {
  const { resizedWidth, resizedHeight } = placementOf(4, 3, imageSize, rule);
  return count * resizedWidth * resizedHeight * 3;
}

/** Other images, another order or other pixels have another identity. */
function identityOf(images: readonly Pick<ScannedImage, "contentHash">[], rule: ResizeAndCrop): string {
  const { fit, cropFraction, cropRounding, interpolation } = rule;
  const hash = createHash("sha256").update(JSON.stringify([fit, cropFraction, cropRounding, interpolation]));
  for (const image of images) hash.update(`${image.contentHash}\n`);
  return hash.digest("hex").slice(0, 32);
}
