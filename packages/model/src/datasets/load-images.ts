import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DatasetError } from "./dataset-error.js";
import { decodeImage } from "./decode-image.js";
import { mapConcurrently } from "./map-concurrently.js";
import { imageBytes, memoryStore, openShard, type PixelStore, writeShard } from "./pixel-store.js";
import type { ScannedImage } from "./scan-image-folder.js";

export interface LoadOptions {
  /** The folder of class folders that the images' paths start from. */
  readonly folder: string;
  /** Side in pixels. */
  readonly imageSize: number;
  /** Sets above `memoryLimitBytes` are kept in a file here, which later runs on the same images use again. */
  readonly cacheDirectory: string;
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
  const { imageSize, memoryLimitBytes = MEMORY_LIMIT } = options;
  const bytes = imageBytes(imageSize);
  if (bytes * images.length <= memoryLimitBytes) {
    const pixels = new Uint8Array(bytes * images.length);
    await decodeAll(images, options, async (index, decoded) => pixels.set(decoded, index * bytes));
    return memoryStore(pixels, imageSize);
  }
  const file = join(options.cacheDirectory, `${identityOf(images)}-${imageSize}.pixels`);
  const cached = await openShard(file, images.length, imageSize);
  if (cached) return cached;
  await mkdir(options.cacheDirectory, { recursive: true });
  await writeShard(file, imageSize, (store) => decodeAll(images, options, store));
  const written = await openShard(file, images.length, imageSize);
  if (!written) throw new Error(`${file} vanished as soon as it was written`);
  return written;
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

function identityOf(images: readonly ScannedImage[]): string {
  const hash = createHash("sha256");
  for (const image of images) hash.update(`${image.contentHash}\n`);
  return hash.digest("hex").slice(0, 32);
}
