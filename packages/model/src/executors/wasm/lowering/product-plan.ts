import { type ProductField, productFields } from "../kernels/descriptor.js";
import { edgeBytes, tile } from "../kernels/gemm.js";

export type ProductGeometry = Readonly<Record<ProductField, number>>;

const targetDepth = 256;
/** Not a power of two: panels of the transposed left factor must not fall on one set of the cache. */
const targetPixelDepth = 248;
const targetRows = 64;

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** The image that the left factor is read from and the window that slides over it. */
export interface Window {
  readonly height: number;
  readonly width: number;
  /** Floats from one pixel to the next. */
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly stride: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly tapsHigh: number;
  readonly tapsWide: number;
  /** Floats that one tap touches. */
  readonly run: number;
  readonly batch: number;
}

/** Where the elements of the right factor lie, in floats. */
export interface RightFactor {
  readonly columns: number;
  readonly rowStride: number;
  readonly transposed: boolean;
  readonly tapHigh: number;
  readonly tapWide: number;
}

/** A plain matrix [rows, depth] as an image. */
export function matrixWindow(rows: number, depth: number): Window {
  const one = {
    outHeight: 1,
    outWidth: 1,
    height: 1,
    width: 1,
    stride: 1,
    padTop: 0,
    padLeft: 0,
    tapsHigh: 1,
    tapsWide: 1,
  };
  return { ...one, channels: depth, run: depth, batch: rows };
}

function base(window: Window, right: RightFactor, cRowFloats: number): ProductGeometry {
  const zero = Object.fromEntries(productFields.map((field) => [field, 0])) as Record<ProductField, number>;
  const { height, width, outHeight, outWidth, stride, padTop, padLeft, tapsHigh, tapsWide, run } = window;
  return {
    ...zero,
    height,
    width,
    outHeight,
    outWidth,
    stride,
    padTop,
    padLeft,
    tapsHigh,
    tapsWide,
    run,
    pixelBytes: 4 * window.channels,
    rows: window.batch * outHeight * outWidth,
    bTapHigh: 4 * right.tapHigh,
    bTapWide: 4 * right.tapWide,
    bRowBytes: 4 * right.rowStride,
    bTransposed: Number(right.transposed),
    columns: right.columns,
    packedColumns: roundUp(right.columns, tile.columns),
    cRowBytes: 4 * cRowFloats,
  };
}

/** C[pixels, columns] = window(x) · b */
export function rowProduct(window: Window, right: RightFactor): ProductGeometry {
  const { tapsHigh, tapsWide, run } = window;
  const depthPerBlock = evenShare(run, targetDepth);
  return {
    ...base(window, right, right.columns),
    bTaps: tapsHigh * tapsWide,
    bTapsWide: tapsWide,
    bRun: run,
    depthPerBlock,
    tapsPerBlock: depthPerBlock < run ? 1 : Math.max(1, Math.min(tapsHigh * tapsWide, Math.floor(targetDepth / run))),
    rowsPerBlock: targetRows,
  };
}

/** C[taps · run, columns] = window(x)ᵀ · b, summed over all output pixels */
export function columnProduct(window: Window, right: RightFactor): ProductGeometry {
  const geometry = base(window, right, right.columns);
  return {
    ...geometry,
    bTaps: 1,
    bTapsWide: 1,
    bRun: geometry.rows,
    depthPerBlock: evenShare(geometry.rows, targetPixelDepth),
    tapsPerBlock: 1,
    rowsPerBlock: targetRows,
  };
}

/** Equal blocks of at most about `most`, so that no small rest remains. */
function evenShare(total: number, most: number): number {
  if (total <= most) return total;
  return roundUp(Math.ceil(total / Math.ceil(total / most)), 4);
}

/** Units of `packRightPanels`. */
export const panelUnits = (product: ProductGeometry): number => product.packedColumns / tile.columns;

/** Units of `multiplyRows`. */
export const rowUnits = (product: ProductGeometry): number => Math.ceil(product.rows / product.rowsPerBlock);

/** Units of `multiplyColumns`. */
export const columnUnits = (product: ProductGeometry): number =>
  product.tapsHigh * product.tapsWide * Math.ceil(product.run / product.rowsPerBlock);

/** Bytes of the packed right factor. */
export const packedBytes = (product: ProductGeometry): number =>
  4 * product.packedColumns * product.bTaps * product.bRun;

/** Bytes of one thread's scratch area without a packed right factor. */
export function scratchBytes(product: ProductGeometry): number {
  const depth = product.tapsPerBlock * product.depthPerBlock;
  const left = 4 * roundUp(product.rowsPerBlock, tile.rows) * depth;
  const scattered = product.scatter * 4 * product.rowsPerBlock * product.columns;
  return roundUp(edgeBytes + left + scattered, 64);
}

/** Writes the descriptor at `address`. */
export function writeProduct(integers: Int32Array, address: number, product: ProductGeometry): void {
  productFields.forEach((field, index) => {
    integers[address / 4 + index] = product[field];
  });
}
