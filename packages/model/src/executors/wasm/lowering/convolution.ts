import type { Shape } from "../../../graph/operation.js";
import { productBytes } from "../kernels/descriptor.js";
import type { Machine } from "../machine.js";
import { blasProduct } from "./blas-product.js";
import type { Lowering, LoweringRule, Placement, Step } from "./lowering.js";
import { paddedBytes, padImage } from "./pad-image.js";
import {
  columnProduct,
  columnUnits,
  type ProductGeometry,
  packedBytes,
  panelUnits,
  type RightFactor,
  rowProduct,
  rowUnits,
  scratchBytes,
  type Window,
  writeProduct,
} from "./product-plan.js";

/** A convolution's extents by the letters of its formula. */
interface Convolution {
  readonly [extent: string]: number;
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

function describe(x: Shape, filter: Shape, y: Shape, { stride, pad }: { stride: number; pad: number }): Convolution {
  const [batch, height, width, inChannels] = x as [number, number, number, number];
  const [filterHeight, filterWidth] = filter as [number, number];
  const [, outHeight, outWidth, outChannels] = y as [number, number, number, number];
  return { batch, height, width, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, stride, pad };
}

/** Below this many channels a tap is too short to copy well: the taps of a row are then taken as one. */
const fewChannels = 8;

/** A 1 × 1 convolution without stride is the product of [pixels, I] and [I, O]. */
const isPlainProduct = ({ filterHeight, filterWidth, stride, pad }: Convolution): boolean =>
  filterHeight === 1 && filterWidth === 1 && stride === 1 && pad === 0;

const extents = ({ batch, height, width, inChannels, outChannels }: Convolution) => ({
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
    ...{ outHeight: c.outHeight, outWidth: c.outWidth, stride: c.stride, batch: c.batch, channels: c.inChannels },
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

/** Bytes of working memory: packed right factor, scratch areas, padded image. */
function workspace(product: ProductGeometry, threads: number, padded: number) {
  const scratch = packedBytes(product);
  const image = scratch + threads * scratchBytes(product);
  return { packed: 0, scratch, image, bytes: image + padded };
}

interface ProductAddresses {
  readonly x: number;
  readonly b: number;
  readonly c: number;
}

/** The steps of one product: pack the right factor, multiply. */
export function productSteps(
  machine: Machine,
  place: Placement,
  product: ProductGeometry,
  { x, b, c }: ProductAddresses,
  multiply: "multiplyRows" | "multiplyColumns",
): Step[] {
  const descriptor = place.keep(productBytes);
  const packed = place.temporary;
  writeProduct(machine.heap.integers, descriptor, {
    ...product,
    ...{ x, b, c, packed },
    scratch: packed + packedBytes(product),
    scratchBytes: scratchBytes(product),
    zeros: machine.zeros,
  });
  const depth = product.tapsHigh * product.tapsWide * product.run;
  return [
    {
      kernel: "packRightPanels",
      parameters: [descriptor],
      units: panelUnits(product),
      work: packedBytes(product) / 4,
    },
    {
      kernel: multiply,
      parameters: [descriptor],
      units: multiply === "multiplyRows" ? rowUnits(product) : columnUnits(product),
      work: 2 * product.rows * depth * product.columns,
    },
  ];
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
    return blasProduct(([a, b], [y]) => ({ ...extents(c), a, transposeA: false, b, transposeB: false, c: y }));
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
    return blasProduct(([a, b], [dfilter]) => {
      return { rows, depth, columns, a, transposeA: true, b, transposeB: false, c: dfilter };
    });
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

/** The part of the input's gradient at pixels (top + stride·i, left + stride·j): a convolution of dy without stride. */
interface Phase {
  readonly product: ProductGeometry;
  /** Of the first tap, in floats. */
  readonly filterOffset: number;
}

/**
 * dx = Σ over taps of dy · filterᵀ. With stride s the input falls into s² phases, each reached by its own taps:
 * row h = s·i + a meets filter row k where k ≡ a + pad (mod s), from output row i + (a + pad − k)/s.
 */
export const conv2dGradInput: LoweringRule<"conv2dGradInput"> = (node, target) => {
  const [dy, filter] = node.inputs;
  const c = describe(node.attributes.inputShape, filter!.shape, dy!.shape, node.attributes);
  if (target.blas && isPlainProduct(c)) {
    const { rows, depth: columns, columns: depth } = extents(c);
    return blasProduct(([a, b], [dx]) => ({ rows, depth, columns, a, transposeA: false, b, transposeB: true, c: dx }));
  }
  const phases: Phase[] = [];
  let reached = 0;
  for (let top = 0; top < Math.min(c.stride, c.height); top++) {
    for (let left = 0; left < Math.min(c.stride, c.width); left++) {
      const phase = phaseOf(c, top, left);
      if (phase === undefined) continue;
      phases.push(phase);
      reached += phase.product.rows;
    }
  }
  const everyPixel = reached === c.batch * c.height * c.width;
  const temporaryBytes = Math.max(0, ...phases.map(({ product }) => workspace(product, target.threads, 0).bytes));
  return {
    temporaryBytes,
    bind: (place, machine) => {
      const [dx] = place.outputs as [number];
      const length = node.outputs[0]!.shape.reduce((a, b) => a * b, 1);
      return [
        ...(everyPixel ? [] : [() => machine.heap.zero(dx, length)]),
        ...phases.flatMap(({ product, filterOffset }) => {
          const addresses = { x: place.inputs[0]!, b: place.inputs[1]! + 4 * filterOffset, c: dx };
          return productSteps(machine, place, product, addresses, "multiplyRows");
        }),
      ];
    },
  } satisfies Lowering;
};

function phaseOf(c: Convolution, top: number, left: number): Phase | undefined {
  const { stride, filterHeight, filterWidth, inChannels, outChannels } = c;
  const high = phaseTaps(top, c.pad, stride, filterHeight);
  const wide = phaseTaps(left, c.pad, stride, filterWidth);
  if (high.taps <= 0 || wide.taps <= 0) return undefined;
  const tap = inChannels * outChannels;
  const window = {
    ...{ height: c.outHeight, width: c.outWidth, channels: outChannels, run: outChannels, batch: c.batch, stride: 1 },
    outHeight: Math.ceil((c.height - top) / stride),
    outWidth: Math.ceil((c.width - left) / stride),
    ...{ tapsHigh: high.taps, tapsWide: wide.taps, padTop: high.pad, padLeft: wide.pad },
  };
  const product = rowProduct(window, {
    columns: inChannels,
    rowStride: outChannels,
    transposed: true,
    tapHigh: -stride * filterWidth * tap,
    tapWide: -stride * tap,
  });
  const scattered = { scatterHeight: c.height, scatterWidth: c.width, scatterStride: stride };
  return {
    product: stride === 1 ? product : { ...product, scatter: 1, ...scattered, scatterTop: top, scatterLeft: left },
    filterOffset: (high.last * filterWidth + wide.last) * tap,
  };
}

/** Taps of one axis that reach a phase, the last of them, and the padding that puts the window in place. */
function phaseTaps(offset: number, pad: number, stride: number, filter: number) {
  const first = (offset + pad) % stride;
  const taps = Math.ceil((filter - first) / stride);
  return { taps, last: first + stride * (taps - 1), pad: taps - 1 - (offset + pad - first) / stride };
}
