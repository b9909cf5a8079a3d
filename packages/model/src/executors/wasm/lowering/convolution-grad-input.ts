import { blasProduct } from "./blas-product.js";
import { type Convolution, describe, extents, isPlainProduct } from "./convolution.js";
import type { LoweringRule } from "./lowering.js";
import { type ProductGeometry, rowProduct } from "./product-plan.js";
import { productSteps, workspace } from "./product-steps.js";

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
    return blasProduct({ rows, depth, columns, transposeA: false, transposeB: true }, target);
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
  };
};

function phaseOf(c: Convolution, top: number, left: number): Phase | undefined {
  const { stride, filterHeight, filterWidth, inChannels, outChannels } = c;
  const high = phaseTaps(top, c.pad, stride, filterHeight);
  const wide = phaseTaps(left, c.pad, stride, filterWidth);
  if (high.taps <= 0 || wide.taps <= 0) return undefined;
  const tap = inChannels * outChannels;
  const window = {
    height: c.outHeight,
    width: c.outWidth,
    channels: outChannels,
    run: outChannels,
    batch: c.batch,
    stride: 1,
    outHeight: Math.ceil((c.height - top) / stride),
    outWidth: Math.ceil((c.width - left) / stride),
    tapsHigh: high.taps,
    tapsWide: wide.taps,
    padTop: high.pad,
    padLeft: wide.pad,
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
