import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatasetError } from "../dataset-error.js";
import { decodeImage } from "../decode-image.js";
import type { RgbImage } from "../rgb-image.js";
import { type ImageListing, isContentOf, pathOf } from "./image-listing.js";

/**
 * Reads and decodes an image of the folder, which must still be the one that was scanned. Throws a DatasetError that names the file and
 * says what to do when it is gone, was changed or cannot be read.
 */
export async function readListedImage(folder: string, listing: ImageListing, index: number): Promise<RgbImage> {
  const path = pathOf(listing, index);
  const file = join(folder, path);
  const bytes = await readImage(folder, file);
  if (!isContentOf(listing, index, createHash("sha256").update(bytes).digest())) {
    throw new DatasetError(`${file} has changed since the dataset was scanned. Scan the dataset again.`);
  }
  try {
    return await decodeImage(bytes);
  } catch (error) {
    throw new DatasetError(
      `${file} cannot be decoded: ${(error as Error).message}. Remove or replace it, and scan the dataset again.`,
    );
  }
}

async function readImage(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") {
      throw new DatasetError(
        `${file} cannot be read: ${message}. Give the worker the right to read it, or scan the dataset again.`,
      );
    }
    throw new DatasetError(
      `${file} is gone: the folder ${folder} vanished or was changed after the scan. Bring it back, or scan the dataset again.`,
    );
  }
}
