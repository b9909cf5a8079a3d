import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DatasetError } from "./dataset-error.js";
import { decodeImage } from "./decode-image.js";
import { mapConcurrently } from "./map-concurrently.js";
import { makeRoom, shardPath, touch } from "./pixel-cache.js";
import { imageBytes, memoryStore, openShard, type PixelStore, writeShard } from "./pixel-store.js";
import type { ScannedImage } from "./scan-image-folder.js";

export interface LoadOptions {
  /** The folder of class folders that the images' paths start from. */
  readonly folder: string;
  /** Side in pixels. */
  readonly imageSize: number;
  /** Decoded images are kept here, so that later runs on the same images need not decode them again. */
  readonly cacheDirectory: string;
  /** Sets up to this size are held in memory, larger ones are read from the cache as they are needed. */
  readonly memoryLimitBytes?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const MEMORY_LIMIT = 1024 ** 3;

/**
 * Decodes the images once to the training size; a run never touches the folder again. Every file must still be the one that was
 * scanned. Throws a DatasetError that names the folder, or the file that changed, and the signal's reason when it is aborted.
 */
export async function loadImages(images: readonly ScannedImage[], options: LoadOptions): Promise<PixelStore> {
  const { imageSize, memoryLimitBytes = MEMORY_LIMIT, cacheDirectory } = options;
  const bytes = imageBytes(imageSize) * images.length;
  const file = shardPath(cacheDirectory, identityOf(images), imageSize);
  const fitsMemory = bytes <= memoryLimitBytes;
  const cached = await openShard(file, images.length, imageSize);
  if (cached) {
    await touch(file);
    if (!fitsMemory) return cached;
    await cached.close();
    return memoryStore(await readFile(file), imageSize);
  }
  if (fitsMemory) return decodeToMemory(images, options, file);
  await makeRoom(cacheDirectory, bytes);
  await writeShard(file, imageSize, (store) => decodeAll(images, options, store)).catch((error: unknown) => {
    throw explain(error, cacheDirectory, bytes);
  });
  const written = await openShard(file, images.length, imageSize);
  if (!written) throw new Error(`${file} vanished as soon as it was written`);
  return written;
}

/** The file is a convenience for later runs: without space for it, this one goes on. */
async function decodeToMemory(
  images: readonly ScannedImage[],
  options: LoadOptions,
  file: string,
): Promise<PixelStore> {
  const { imageSize, cacheDirectory } = options;
  const bytes = imageBytes(imageSize);
  const pixels = new Uint8Array(bytes * images.length);
  await decodeAll(images, options, async (index, decoded) => pixels.set(decoded, index * bytes));
  const keep = async () => {
    await makeRoom(cacheDirectory, pixels.length);
    await writeShard(file, imageSize, async (store) => {
      for (let i = 0; i < images.length; i++) await store(i, pixels.subarray(i * bytes, (i + 1) * bytes));
    });
  };
  await keep().catch(() => {});
  return memoryStore(pixels, imageSize);
}

async function decodeAll(
  images: readonly ScannedImage[],
  { folder, imageSize, onProgress, signal }: LoadOptions,
  store: (index: number, pixels: Uint8Array) => Promise<void>,
): Promise<void> {
  let done = 0;
  await mapConcurrently(images, Math.max(2, availableParallelism()), async (image, index) => {
    signal?.throwIfAborted();
    const bytes = await readImage(folder, image.path);
    if (createHash("sha256").update(bytes).digest("hex") !== image.contentHash) {
      throw new DatasetError(
        `${join(folder, image.path)} has changed since the dataset was scanned. Scan the dataset again.`,
      );
    }
    await store(index, await decodeImage(bytes, imageSize));
    done++;
    onProgress?.(done, images.length);
  });
}

async function readImage(folder: string, path: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR")
      throw new DatasetError(`${join(folder, path)} cannot be read: ${message}`);
    throw new DatasetError(
      `${join(folder, path)} is gone: the folder ${folder} vanished or was changed after the scan. Bring it back, or scan the dataset again.`,
    );
  }
}

function explain(error: unknown, folder: string, bytes: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new DatasetError(
    `No space for the decoded images in ${folder}: ${Math.ceil(bytes / 1e6)} MB are needed. Free some space and start the run again.`,
  );
}

function identityOf(images: readonly ScannedImage[]): string {
  const hash = createHash("sha256");
  for (const image of images) hash.update(`${image.contentHash}\n`);
  return hash.digest("hex").slice(0, 32);
}
