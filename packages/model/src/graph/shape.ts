import type { Shape } from "./operation.js";

/** Number of elements of a value of this shape; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `[32,64,64,3]`, as error messages print it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Extent of a convolution's or pool's result along one axis, for symmetric padding. */
export function windowedExtent(extent: number, window: number, stride: number, pad: number): number {
  return Math.floor((extent + 2 * pad - window) / stride) + 1;
}

/** The permutation that undoes `permutation`. */
export function inversePermutation(permutation: Shape): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis));
}
