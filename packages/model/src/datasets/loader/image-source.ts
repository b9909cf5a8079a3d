import { readSync } from "node:fs";
import type { ResizeAndCrop } from "../preprocessing.js";
import { type StoredImage, storedPixels, storedShape } from "../stored-image.js";
import type { ImageListing } from "./image-listing.js";
import { readListedImage } from "./read-listed-image.js";

/** Where the pixels of each image begin, and how large it was before it was resized (width, height). */
export interface PixelIndex {
  readonly offsets: Float64Array;
  readonly sizes: Uint32Array;
}

/** Where a thread finds pixels. Everything large in it is shared memory; a file descriptor holds in all threads of a process. */
export type ImageSource = { readonly imageSize: number; readonly rule: ResizeAndCrop } & (
  | { readonly kind: "memory"; readonly index: PixelIndex; readonly pixels: Uint8Array }
  | { readonly kind: "file"; readonly index: PixelIndex; readonly descriptor: number }
  | { readonly kind: "folder"; readonly folder: string; readonly listing: ImageListing }
);

/**
 * One image as it is stored, the same whichever the source. From memory it is a view, not to be changed. From a file it is read at its
 * position; what was read lately the system still has in memory (Node cannot map a file).
 */
export async function readStoredImage(source: ImageSource, index: number): Promise<StoredImage> {
  const { imageSize, rule } = source;
  if (source.kind === "folder") {
    const image = await readListedImage(source.folder, source.listing, index);
    const shape = storedShape(image.width, image.height, imageSize, rule);
    return { ...shape, data: storedPixels(image, imageSize, rule).data };
  }
  const { offsets, sizes } = source.index;
  const shape = storedShape(sizes[index * 2]!, sizes[index * 2 + 1]!, imageSize, rule);
  const bytes = shape.width * shape.height * 3;
  const offset = offsets[index]!;
  return {
    ...shape,
    data:
      source.kind === "memory"
        ? source.pixels.subarray(offset, offset + bytes)
        : readFully(source.descriptor, bytes, offset),
  };
}

function readFully(descriptor: number, length: number, position: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(descriptor, bytes, done, length - done, position + done);
    if (read === 0) throw new Error("the file of decoded images is shorter than it was when it was opened");
    done += read;
  }
  return bytes;
}
