import type { Augmentation, Random } from "@residual/shared";
import { resample } from "../resample.js";
import { cropImage } from "../rgb-image.js";
import type { StoredImage } from "../stored-image.js";
import { jitterColours } from "./colour-jitter.js";
import { randAugment } from "./rand-augment.js";
import { randomCrop } from "./random-crop.js";
import { eraseRectangle } from "./random-erasing.js";

/** What a level may do to an image, besides mirroring it. */
interface Strength {
  /** Smallest share of the area that a crop keeps. */
  readonly smallestCrop: number;
  /** Brightness, contrast and saturation vary by factors in 1 ± jitter. */
  readonly jitter: number;
  /** Changes drawn from RandAugment's, at magnitude 9 of 10. */
  readonly changes: number;
  /** Chance that a rectangle is greyed out. */
  readonly erase: number;
}

const strengths: Record<Exclude<Augmentation, "NONE">, Strength> = {
  LIGHT: { smallestCrop: 0.5, jitter: 0, changes: 0, erase: 0 },
  STANDARD: { smallestCrop: 0.35, jitter: 0.2, changes: 0, erase: 0 },
  HEAVY: { smallestCrop: 0.08, jitter: 0, changes: 2, erase: 0.25 },
};

const MAGNITUDE = 9;

/**
 * A random variation of an image: a part of it resized to `size` × `size` (bilinear, antialiased), mirrored half of the time, then
 * colours, shape and erasure by level. At NONE the crop of evaluation. What happens depends on `random` alone.
 *
 * @returns size × size × 3 bytes, rows from the top, the caller's to change
 */
export function augment(image: StoredImage, size: number, level: Augmentation, random: Random): Uint8Array {
  if (level === "NONE") return cropImage(image, image.cropLeft, image.cropTop, size, size).data.slice();
  const strength = strengths[level];
  const crop = randomCrop(image.width * image.pixelAspect, image.height, strength.smallestCrop, random);
  const source = { ...crop, left: crop.left / image.pixelAspect, width: crop.width / image.pixelAspect };
  const pixels = resample(image, { width: size, height: size, interpolation: "bilinear", source }).data;
  if (random.next() < 0.5) mirror(pixels, size);
  if (strength.jitter > 0) jitterColours(pixels, strength.jitter, random);
  randAugment(pixels, size, strength.changes, MAGNITUDE, random);
  if (random.next() < strength.erase) eraseRectangle(pixels, size, random);
  return pixels;
}

function mirror(pixels: Uint8Array, size: number): void {
  const row = new Uint8Array(size * 3);
  for (let start = 0; start < pixels.length; start += row.length) {
    row.set(pixels.subarray(start, start + row.length));
    let to = start + row.length - 3;
    for (let from = 0; from < row.length; from += 3) {
      pixels[to] = row[from]!;
      pixels[to + 1] = row[from + 1]!;
      pixels[to + 2] = row[from + 2]!;
      to -= 3;
    }
  }
}
