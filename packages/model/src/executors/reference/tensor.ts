import type { OperationAttributes, OperationName, Shape } from "../../graph/operation.js";

/** A value while the reference executor computes: float64, so that its results can judge float32 executors. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Plain loops of one operation: the data of each result, whose shapes are known from the graph. */
export type Kernel<Name extends OperationName> = (
  attributes: OperationAttributes[Name],
  inputs: readonly Tensor[],
  outputShapes: readonly Shape[],
) => Float64Array[];

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Calls `visit` with the flat index and the coordinates of every element; the coordinates array is reused. */
export function forEachIndex(shape: Shape, visit: (flat: number, index: readonly number[]) => void): void {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const index = shape.map(() => 0);
  for (let flat = 0; flat < count; flat++) {
    visit(flat, index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

export function flatIndex(strides: readonly number[], index: readonly number[]): number {
  return index.reduce((flat, coordinate, axis) => flat + coordinate * strides[axis]!, 0);
}
