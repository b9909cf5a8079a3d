import type { ScannedImage } from "../scan-image-folder.js";

/**
 * Paths and content hashes of many images without an object for each: about 40 bytes and the path's own length an image. All memory is
 * shared, so that threads read the same listing.
 */
export interface ImageListing {
  readonly count: number;
  /** The paths in UTF-8, one after the other. */
  readonly paths: Uint8Array;
  /** Where each path ends. */
  readonly ends: Float64Array;
  /** 32 bytes an image. */
  readonly hashes: Uint8Array;
}

const HASH_BYTES = 32;

export function listImages(images: readonly Pick<ScannedImage, "path" | "contentHash">[]): ImageListing {
  const count = images.length;
  const ends = new Float64Array(new SharedArrayBuffer(count * 8));
  let length = 0;
  for (let i = 0; i < count; i++) {
    length += Buffer.byteLength(images[i]!.path);
    ends[i] = length;
  }
  const paths = new Uint8Array(new SharedArrayBuffer(length));
  const hashes = new Uint8Array(new SharedArrayBuffer(count * HASH_BYTES));
  for (let i = 0; i < count; i++) {
    const { path, contentHash } = images[i]!;
    paths.set(Buffer.from(path), i === 0 ? 0 : ends[i - 1]!);
    hashes.set(Buffer.from(contentHash, "hex"), i * HASH_BYTES);
  }
  return { count, paths, ends, hashes };
}

/** Path of an image, relative to the folder. */
export function pathOf(listing: ImageListing, index: number): string {
  const start = index === 0 ? 0 : listing.ends[index - 1]!;
  // A copy: text cannot be decoded from memory that another thread might change.
  return Buffer.from(listing.paths.slice(start, listing.ends[index]!)).toString();
}

export function isContentOf(listing: ImageListing, index: number, hash: Buffer): boolean {
  return hash.equals(listing.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));
}
