import { AppError } from "../../errors.js";

/** Longest side in pixels: two of a tile's, for screens with two pixels a point. */
const tileSide = 256;
const pixelLimit = 100_000_000;
const seconds = 5;

/**
 * An image of any size as a WebP whose longest side is `side`, turned as EXIF says and without its metadata. What is smaller already keeps its pixels. Throws
 * NOT_FOUND, with the reason, for what is none of JPEG, PNG, WebP and GIF, is damaged, has too many pixels or takes too long.
 */
export async function thumbnail(bytes: Uint8Array, side = tileSide): Promise<Buffer> {
  if (!isPicture(bytes))
    throw unshown("a browser is not given files of its type; it is none of JPEG, PNG, WebP and GIF");
  const { default: sharp } = await import("sharp");
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    return await sharp(bytes, { limitInputPixels: pixelLimit, sequentialRead: true })
      .autoOrient()
      .resize(side, side, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82, effort: 2 })
      .timeout({ seconds })
      .toBuffer();
  } catch (error) {
    throw unshown((error as Error).message.trim().replaceAll("\n", "; "));
  }
}

/** By the first bytes: libvips reads other formats too, some of which load further files. */
function isPicture(bytes: Uint8Array): boolean {
  const at = (start: number, codes: readonly number[]) => codes.every((code, i) => bytes[start + i] === code);
  const isWebp = at(0, [0x52, 0x49, 0x46, 0x46]) && at(8, [0x57, 0x45, 0x42, 0x50]);
  return isWebp || at(0, [0xff, 0xd8, 0xff]) || at(0, [0x89, 0x50, 0x4e, 0x47]) || at(0, [0x47, 0x49, 0x46, 0x38]);
}

function unshown(reason: string): AppError {
  return new AppError("NOT_FOUND", `This picture cannot be shown: ${reason}.`);
}
