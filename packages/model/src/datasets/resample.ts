import type { RgbImage } from "./rgb-image.js";

export type Interpolation = "bilinear" | "bicubic";

/** A rectangle of pixels. In a source its edges may lie between pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ResampleOptions {
  /** Size that `source` is brought to. */
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** Part of the image that is resized; all of it by default. What lies outside plays no part. */
  readonly source?: Box;
  /** Part of the result that is computed, in whole pixels; all of it by default. */
  readonly window?: Box;
}

/** Weights are whole multiples of 2⁻²²: with bytes and at most 2⁸ of rounding headroom every sum fits 32 bits. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/**
 * Resizes as Pillow's `Image.resize` does, to the bit: a separable filter whose support grows with the reduction (so it does not alias),
 * one axis after the other, rounded and clamped to 0 … 255 in between, weights in fixed point. Bicubic is Keys' kernel with a = −0.5.
 *
 * @returns `window` of the result
 */
export function resample(image: RgbImage, options: ResampleOptions): RgbImage {
  const { width, height, interpolation } = options;
  const source = options.source ?? { left: 0, top: 0, width: image.width, height: image.height };
  const window = options.window ?? { left: 0, top: 0, width, height };
  const columns = weightsOf(image.width, source.left, source.width, width, window.left, window.width, interpolation);
  const rows = weightsOf(image.height, source.top, source.height, height, window.top, window.height, interpolation);
  return isColumnsFirst(source, width, height)
    ? resampleRows(resampleColumns(image, rows), columns, 0, window.height)
    : // Only the source rows that the second pass will ask for.
      resampleColumns(resampleRows(image, columns, rows.first[0]!, rows.first.at(-1)! + rows.counts.at(-1)!), rows);
}

/** Pillow's choice, found by trying 1,445 pairs of sizes: it matters only for the rounding in between, by one level at most. */
function isColumnsFirst(source: Box, width: number, height: number): boolean {
  const rowsLess = source.height - height;
  return rowsLess > 0 && rowsLess > 2 * (source.width - width);
}

/** Some rows of an image; the first of them is its row `firstRow`. */
interface Strip extends RgbImage {
  readonly firstRow?: number;
}

/** For each pixel along one axis of the window: which pixels of the source it is made of, and their weights. */
interface Weights {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** `stride` values a pixel, of which `counts` are used. */
  readonly values: Int32Array;
  readonly stride: number;
}

function weightsOf(
  available: number,
  start: number,
  length: number,
  size: number,
  windowStart: number,
  windowLength: number,
  interpolation: Interpolation,
): Weights {
  const scale = length / size;
  const reduction = Math.max(scale, 1);
  const support = (interpolation === "bicubic" ? 2 : 1) * reduction;
  const shrink = 1 / reduction;
  const kernel = interpolation === "bicubic" ? cubic : triangle;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(windowLength);
  const counts = new Int32Array(windowLength);
  const values = new Int32Array(windowLength * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < windowLength; i++) {
    const centre = start + (windowStart + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(available, Math.trunc(centre + support + 0.5)) - low;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      exact[k] = kernel((low + k - centre + 0.5) * shrink);
      sum += exact[k]!;
    }
    // Reciprocals, as in Pillow: a quotient may differ in the last bit, and a pixel by one.
    const share = 1 / sum;
    for (let k = 0; k < count; k++) {
      const weight = exact[k]! * share * 2 ** FRACTION_BITS;
      values[i * stride + k] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    first[i] = low;
    counts[i] = count;
  }
  return { first, counts, values, stride };
}

function triangle(x: number): number {
  const distance = Math.abs(x);
  return distance < 1 ? 1 - distance : 0;
}

/** Keys 1981, equations 4 and 15, with a = −1/2. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

/** Brings the rows `from` … `to` of an image to the width of the weights. `firstRow` of the result says where they lay. */
function resampleRows(image: Strip, columns: Weights, from: number, to: number): Strip {
  const { first, counts, values, stride } = columns;
  const { data } = image;
  const target = new Uint8Array((to - from) * first.length * 3);
  let at = 0;
  for (let y = from; y < to; y++) {
    const row = (y - (image.firstRow ?? 0)) * image.width * 3;
    for (let x = 0; x < first.length; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let pixel = row + first[x]! * 3;
      const end = x * stride + counts[x]!;
      for (let k = x * stride; k < end; k++) {
        const weight = values[k]!;
        red = (red + Math.imul(data[pixel]!, weight)) | 0;
        green = (green + Math.imul(data[pixel + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[pixel + 2]!, weight)) | 0;
        pixel += 3;
      }
      target[at] = toByte(red);
      target[at + 1] = toByte(green);
      target[at + 2] = toByte(blue);
      at += 3;
    }
  }
  return { width: first.length, height: to - from, data: target, firstRow: from };
}

function resampleColumns(image: Strip, rows: Weights): Strip {
  const { first, counts, values, stride } = rows;
  const { data, firstRow = 0 } = image;
  const rowBytes = image.width * 3;
  const target = new Uint8Array(first.length * rowBytes);
  for (let y = 0; y < first.length; y++) {
    const start = (first[y]! - firstRow) * rowBytes;
    const weightsEnd = y * stride + counts[y]!;
    const at = y * rowBytes;
    for (let x = 0; x < rowBytes; x++) {
      let sum = HALF;
      let from = start + x;
      for (let k = y * stride; k < weightsEnd; k++) {
        sum = (sum + Math.imul(data[from]!, values[k]!)) | 0;
        from += rowBytes;
      }
      target[at + x] = toByte(sum);
    }
  }
  return { width: image.width, height: first.length, data: target };
}

function toByte(sum: number): number {
  const value = sum >> FRACTION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
