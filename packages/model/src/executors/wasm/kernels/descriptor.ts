import type { FunctionBuilder, Local } from "../assembler/function-builder.js";
import { type Int, i32 } from "../assembler/instructions.js";

/**
 * The integer fields of a product, in the order in which they lie in memory. The left factor A is read through a window that
 * slides over an image (a plain matrix is an image of one pixel for each row and a window of one tap): its row is an output
 * pixel, its column k = tap · run + c, where a tap touches `run` neighbouring floats. Bytes unless a comment says otherwise.
 */
export const productFields = [
  "x",
  "height",
  "width",
  "pixelBytes",
  "outHeight",
  "outWidth",
  "stride", // pixels
  "padTop", // pixels; negative skips
  "padLeft",
  "tapsHigh",
  "tapsWide",
  "run", // floats
  "rows", // output pixels of the whole batch

  /** The right factor before packing: row k of tap (i, j) starts at `b + i·bTapHigh + j·bTapWide + c·bRowBytes` … */
  "b",
  "bTapHigh",
  "bTapWide",
  "bRowBytes", // … and holds `columns` floats; with bTransposed it is a column: element n lies at + n·bRowBytes + 4·c
  "bTransposed", // 0 or 1
  "bTaps", // taps of the right factor; 1 where the left one is transposed
  "bTapsWide",
  "bRun",
  "packed", // [block][panel][depth][8]
  "columns", // floats
  "packedColumns", // `columns` rounded up to whole panels

  "tapsPerBlock", // a block of depth is some whole taps …
  "depthPerBlock", // … or a part of one: at most so many of its floats
  "rowsPerBlock",

  "c",
  "cRowBytes",
  "scatter", // 0: row r of C lies at c + r·cRowBytes; 1: at the pixel (top + stride·i, left + stride·j) of an image
  "scatterHeight",
  "scatterWidth",
  "scatterStride",
  "scatterTop",
  "scatterLeft",

  "scratch", // one area for each thread
  "scratchBytes",
  "zeros", // enough zeros for one tap's part of a block

  "xBatchBytes",
  "bBatchBytes",
  "cBatchBytes",
  "transposed", // of a batch of products: 1 where A is stored [depth, rows]
] as const;

export type ProductField = (typeof productFields)[number];

/** Bytes of a descriptor. */
export const productBytes = 4 * productFields.length;

/** Reads fields of the descriptor at `address`; every name becomes one local. */
export function readFields<Name extends ProductField>(
  f: FunctionBuilder,
  address: Int,
  ...names: readonly Name[]
): Readonly<Record<Name, Local<"i32">>> {
  const locals = names.map((name) => [name, f.int(i32.load(address, 4 * productFields.indexOf(name)))] as const);
  return Object.fromEntries(locals) as Record<Name, Local<"i32">>;
}
