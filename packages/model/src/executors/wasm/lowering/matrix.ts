import { productBytes } from "../kernels/descriptor.js";
import { blasProduct } from "./blas-product.js";
import type { Lowering, LoweringRule } from "./lowering.js";
import {
  columnProduct,
  matrixWindow,
  type ProductGeometry,
  packedBytes,
  rowProduct,
  scratchBytes,
  writeProduct,
} from "./product-plan.js";
import { productSteps } from "./product-steps.js";

interface Extents {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function geometry({ rows, depth, columns, transposeA, transposeB }: Extents): ProductGeometry {
  const rowStride = transposeB ? depth : columns;
  const right = { columns, rowStride, transposed: transposeB, tapHigh: 0, tapWide: 0 };
  return transposeA ? columnProduct(matrixWindow(depth, rows), right) : rowProduct(matrixWindow(rows, depth), right);
}

/** C[rows, columns] = A · B after the flags. */
export const matMul: LoweringRule<"matMul"> = ({ inputs: [a], outputs: [y], attributes }, target) => {
  const [rows, columns] = y!.shape as [number, number];
  const depth = a!.shape[attributes.transposeA ? 0 : 1]!;
  if (target.blas) return blasProduct({ rows, depth, columns, ...attributes }, target);
  const product = geometry({ rows, depth, columns, ...attributes });
  return {
    temporaryBytes: packedBytes(product) + target.threads * scratchBytes(product),
    bind: (place, machine) => {
      const addresses = { x: place.inputs[0]!, b: place.inputs[1]!, c: place.outputs[0]! };
      const kernel = attributes.transposeA ? "multiplyColumns" : "multiplyRows";
      return productSteps(machine, place, product, addresses, kernel);
    },
  };
};

/** A product for each index of the leading axes. */
export const batchMatMul: LoweringRule<"batchMatMul"> = ({ inputs: [a], outputs: [y], attributes }, target) => {
  const [rows, columns] = y!.shape.slice(-2) as [number, number];
  const depth = a!.shape.at(attributes.transposeA ? -2 : -1)!;
  const product = geometry({ rows, depth, columns, ...attributes });
  const units = y!.shape.slice(0, -2).reduce((count, extent) => count * extent, 1);
  const packed = scratchBytes(product);
  const own = packed + Math.ceil(packedBytes(product) / 64) * 64;
  return {
    temporaryBytes: target.threads * own,
    bind: (place, machine) => {
      const descriptor = place.keep(productBytes);
      writeProduct(machine.heap.integers, descriptor, {
        ...product,
        x: place.inputs[0]!,
        b: place.inputs[1]!,
        c: place.outputs[0]!,
        packed,
        scratch: place.temporary,
        scratchBytes: own,
        zeros: machine.zeros,
        xBatchBytes: 4 * rows * depth,
        bBatchBytes: 4 * depth * columns,
        cBatchBytes: 4 * rows * columns,
        transposed: Number(attributes.transposeA),
      });
      const work = 2 * units * rows * depth * columns;
      return [{ kernel: "multiplyBatch", parameters: [descriptor], units, work }];
    },
  } satisfies Lowering;
};
