import { GREY } from "./grey.js";

/** Where a pixel at (x, y), measured from the image's centre, comes from: (a x + b y + c, d x + e y + f). */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export function rotation(degrees: number): AffineMap {
  const angle = (degrees * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle), 0, -Math.sin(angle), Math.cos(angle), 0];
}

export function shear(x: number, y: number): AffineMap {
  return [1, x, 0, y, 1, 0];
}

export function translation(x: number, y: number): AffineMap {
  return [1, 0, x, 0, 1, y];
}

/** Moves the pixels of a square image in place, bilinear; what comes from outside is grey. */
export function transform(pixels: Uint8Array, size: number, [a, b, c, d, e, f]: AffineMap): void {
  const source = pixels.slice();
  const centre = size / 2;
  for (let y = 0; y < size; y++) {
    const dy = y + 0.5 - centre;
    for (let x = 0; x < size; x++) {
      const dx = x + 0.5 - centre;
      const fromX = a * dx + b * dy + c + centre;
      const fromY = d * dx + e * dy + f + centre;
      const at = (y * size + x) * 3;
      if (fromX < 0 || fromY < 0 || fromX >= size || fromY >= size) pixels.fill(GREY, at, at + 3);
      else sample(source, size, fromX - 0.5, fromY - 0.5, pixels, at);
    }
  }
}

/** Beyond the outermost pixels' centres these count on. */
function sample(source: Uint8Array, size: number, x: number, y: number, target: Uint8Array, at: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const wx = x - left;
  const wy = y - top;
  const x0 = Math.max(left, 0) * 3;
  const x1 = Math.min(left + 1, size - 1) * 3;
  const upper = Math.max(top, 0) * size * 3;
  const lower = Math.min(top + 1, size - 1) * size * 3;
  for (let channel = 0; channel < 3; channel++) {
    const above = source[upper + x0 + channel]! * (1 - wx) + source[upper + x1 + channel]! * wx;
    const below = source[lower + x0 + channel]! * (1 - wx) + source[lower + x1 + channel]! * wx;
    target[at + channel] = above * (1 - wy) + below * wy + 0.5;
  }
}
