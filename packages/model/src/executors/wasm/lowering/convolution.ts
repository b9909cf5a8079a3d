import type { Shape } from "../../../graph/operation.js";
import { blasProduct } from "./blas-product.js";
import type { LoweringRule } from "./lowering.js";
import { paddedBytes, padImage } from "./pad-image.js";
import { columnProduct, type RightFactor, rowProduct, type Window } from "./product-plan.js";
import { productSteps, workspace } from "./product-steps.js";

/** A convolution's extents by the letters of its formula. */
export interface Convolution {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly stride: number;
  readonly pad: number;
}

/** Names the extents of a convolution of `x` with `filter` that gives `y`. */
export function describe(
  x: Shape,
  filter: Shape,
  y: Shape,
  { stride, pad }: { stride: number; pad: number },
): Convolution {
  const [batch, height, width, inChannels] = x as [number, number, number, number];
  const [filterHeight, filterWidth] = filter as [number, number];
  const [, outHeight, outWidth, outChannels] = y as [number, number, number, number];
  return { batch, height, width, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, stride, pad };
}

/** Below this many channels a tap is too short to copy well: the taps of a row are then taken as one. */
const fewChannels = 8;

/** A 1 × 1 convolution without stride is the product of [pixels, I] and [I, O]. */
export const isPlainProduct = ({ filterHeight, filterWidth, stride, pad }: Convolution): boolean =>
  filterHeight === 1 && filterWidth === 1 && stride === 1 && pad === 0;

/** As a product of [rows, depth] and [depth, columns]. */
export const extents = ({ batch, height, width, inChannels, outChannels }: Convolution) => ({
  rows: batch * height * width,
  depth: inChannels,
  columns: outChannels,
});

/** The window over the input; a padded image stands for it where taps are merged. */
function inputWindow(c: Convolution): { readonly window: Window; readonly padded: boolean } {
  const merge = c.filterWidth > 1 && (c.inChannels < fewChannels || c.pad === 0);
  const padded = merge && c.pad > 0;
  const margin = padded ? c.pad : 0;
  const window = {
    outHeight: c.outHeight,
    outWidth: c.outWidth,
    stride: c.stride,
    batch: c.batch,
    channels: c.inChannels,
    height: c.height + 2 * margin,
    width: c.width + 2 * margin,
    padTop: c.pad - margin,
    padLeft: c.pad - margin,
    tapsHigh: c.filterHeight,
    tapsWide: merge ? 1 : c.filterWidth,
    run: merge ? c.filterWidth * c.inChannels : c.inChannels,
  };
  return { window, padded };
}

const filterFactor = (c: Convolution): RightFactor => ({
  columns: c.outChannels,
  rowStride: c.outChannels,
  transposed: false,
  tapHigh: c.filterWidth * c.inChannels * c.outChannels,
  tapWide: c.inChannels * c.outChannels,
});

/** y[pixels, O] = window(x) · filter */
export const conv2d: LoweringRule<"conv2d"> = ({ inputs: [x, filter], outputs: [y], attributes }, target) => {
  const c = describe(x!.shape, filter!.shape, y!.shape, attributes);
  if (target.blas && isPlainProduct(c)) {
    return blasProduct({ ...extents(c), transposeA: false, transposeB: false }, target);
  }
  const { window, padded } = inputWindow(c);
  const product = rowProduct(window, filterFactor(c));
  const memory = workspace(product, target.threads, padded ? paddedBytes(x!.shape, c.pad) : 0);
  return {
    temporaryBytes: memory.bytes,
    bind: (place, machine) => {
      const image = padded ? place.temporary + memory.image : place.inputs[0]!;
      return [
        ...(padded ? padImage(machine, x!.shape, c.pad, place.inputs[0]!, image) : []),
        ...productSteps(
          machine,
          place,
          product,
          { x: image, b: place.inputs[1]!, c: place.outputs[0]! },
          "multiplyRows",
        ),
      ];
    },
  };
};

/** dfilter[taps · I, O] = window(x)ᵀ · dy: the window is read as it is, no transposed copy of x is made. */
export const conv2dGradFilter: LoweringRule<"conv2dGradFilter"> = (node, target) => {
  const [x, dy] = node.inputs;
  const c = describe(x!.shape, node.attributes.filterShape, dy!.shape, node.attributes);
  if (target.blas && isPlainProduct(c)) {
    const { rows: depth, depth: rows, columns } = extents(c);
    return blasProduct({ rows, depth, columns, transposeA: true, transposeB: false }, target);
  }
  const { window, padded } = inputWindow(c);
  const right = { columns: c.outChannels, rowStride: c.outChannels, transposed: false, tapHigh: 0, tapWide: 0 };
  const product = columnProduct(window, right);
  const memory = workspace(product, target.threads, padded ? paddedBytes(x!.shape, c.pad) : 0);
  return {
    temporaryBytes: memory.bytes,
    bind: (place, machine) => {
      const image = padded ? place.temporary + memory.image : place.inputs[0]!;
      return [
        ...(padded ? padImage(machine, x!.shape, c.pad, place.inputs[0]!, image) : []),
        ...productSteps(
          machine,
          place,
          product,
          { x: image, b: place.inputs[1]!, c: place.outputs[0]! },
          "multiplyColumns",
        ),
      ];
    },
  };
};
