import type { Augmentation } from "@residual/shared";
import type { Random } from "./random.js";

/** What a level may do to an image. */
interface Strength {
  /** Smallest share of the area that a crop keeps; the aspect ratio varies between 3:4 and 4:3 (Szegedy et al. 2015). */
  readonly smallestCrop: number;
  /** Brightness, contrast and saturation vary by factors in 1 ± jitter. */
  readonly jitter: number;
  /** Chance that a rectangle of 2–25 % of the area is greyed out (Zhong et al. 2017). */
  readonly erase: number;
}

const strengths: Record<Exclude<Augmentation, "NONE">, Strength> = {
  LIGHT: { smallestCrop: 0.75, jitter: 0, erase: 0 },
  STANDARD: { smallestCrop: 0.5, jitter: 0.2, erase: 0 },
  HEAVY: { smallestCrop: 0.25, jitter: 0.4, erase: 0.25 },
};

/**
 * A random variation of one image: a crop resized back (bilinear), a mirror image half of the time, then colour and erasure by level.
 * What happens depends on `random` alone. `source` has size × size × 3 bytes, `target` gets as many values in 0 … 255.
 */
export function augment(
  source: Uint8Array,
  target: Float32Array,
  size: number,
  level: Augmentation,
  random: Random,
): void {
  if (level === "NONE") {
    target.set(source);
    return;
  }
  const strength = strengths[level];
  const crop = randomCrop(size, strength.smallestCrop, random);
  resample(source, target, size, crop, random.next() < 0.5);
  if (strength.jitter > 0) jitterColours(target, strength.jitter, random);
  if (random.next() < strength.erase) eraseRectangle(target, size, random);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function randomCrop(size: number, smallest: number, random: Random): Box {
  const area = random.between(smallest, 1);
  const ratio = Math.exp(random.between(Math.log(3 / 4), Math.log(4 / 3)));
  const width = Math.min(1, Math.sqrt(area * ratio)) * size;
  const height = Math.min(1, Math.sqrt(area / ratio)) * size;
  return { left: random.next() * (size - width), top: random.next() * (size - height), width, height };
}

/** Bilinear with pixel centres at half-integers; beyond the border the border pixel counts. */
function resample(source: Uint8Array, target: Float32Array, size: number, box: Box, mirrored: boolean): void {
  const last = size - 1;
  for (let y = 0; y < size; y++) {
    const fromY = clamp(box.top + ((y + 0.5) * box.height) / size - 0.5, last);
    const y0 = Math.floor(fromY);
    const y1 = Math.min(y0 + 1, last);
    const wy = fromY - y0;
    for (let x = 0; x < size; x++) {
      const fromX = clamp(box.left + ((x + 0.5) * box.width) / size - 0.5, last);
      const x0 = Math.floor(fromX);
      const x1 = Math.min(x0 + 1, last);
      const wx = fromX - x0;
      const at = (y * size + (mirrored ? last - x : x)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const a = source[(y0 * size + x0) * 3 + channel]!;
        const b = source[(y0 * size + x1) * 3 + channel]!;
        const c = source[(y1 * size + x0) * 3 + channel]!;
        const d = source[(y1 * size + x1) * 3 + channel]!;
        const upper = a + (b - a) * wx;
        target[at + channel] = upper + (c + (d - c) * wx - upper) * wy;
      }
    }
  }
}

function jitterColours(pixels: Float32Array, jitter: number, random: Random): void {
  const brightness = random.between(1 - jitter, 1 + jitter);
  const contrast = random.between(1 - jitter, 1 + jitter);
  const saturation = random.between(1 - jitter, 1 + jitter);
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) sum += luma(pixels, i);
  const mean = (sum / (pixels.length / 3)) * brightness;
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels, i) * brightness;
    for (let channel = 0; channel < 3; channel++) {
      const coloured = grey + (pixels[i + channel]! * brightness - grey) * saturation;
      pixels[i + channel] = clamp(mean + (coloured - mean) * contrast, 255);
    }
  }
}

function eraseRectangle(pixels: Float32Array, size: number, random: Random): void {
  const area = random.between(0.02, 0.25) * size * size;
  const ratio = Math.exp(random.between(Math.log(0.3), Math.log(1 / 0.3)));
  const width = Math.min(size, Math.round(Math.sqrt(area * ratio)));
  const height = Math.min(size, Math.round(Math.sqrt(area / ratio)));
  const left = random.integer(size - width + 1);
  const top = random.integer(size - height + 1);
  for (let y = top; y < top + height; y++) pixels.fill(127.5, (y * size + left) * 3, (y * size + left + width) * 3);
}

/** ITU-R BT.601 */
function luma(pixels: Float32Array, at: number): number {
  return 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
}

function clamp(value: number, high: number): number {
  return value < 0 ? 0 : value > high ? high : value;
}
