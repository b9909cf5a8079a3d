import { productBytes } from "../kernels/descriptor.js";
import type { Machine } from "../machine.js";
import type { Placement, Step } from "./lowering.js";
import {
  columnUnits,
  type ProductGeometry,
  packedBytes,
  panelUnits,
  rowUnits,
  scratchBytes,
  writeProduct,
} from "./product-plan.js";

/** Bytes of working memory: packed right factor, scratch areas, padded image. */
export function workspace(product: ProductGeometry, threads: number, padded: number) {
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
    x,
    b,
    c,
    packed,
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
