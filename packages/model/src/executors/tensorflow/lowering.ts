import type { GraphNode } from "../../graph/graph.js";
import type { OperationName } from "../../graph/operation.js";
import type { GraphDefBuilder, Ref } from "./graph-def.js";

export type NodeOf<Name extends OperationName> = Extract<GraphNode, { op: Name }>;

/** What turns one of our operations into TensorFlow nodes: the refs of its results, in order. */
export type Lowering<Name extends OperationName> = (
  definition: GraphDefBuilder,
  node: NodeOf<Name>,
  inputs: readonly Ref[],
) => readonly Ref[];

export const float = { T: { type: "float32" } } as const;

/** Types of a float operation that takes a vector of int32 beside, under the name that TensorFlow gives it. */
export function floatWith<Key extends string>(key: Key) {
  return { ...float, [key]: { type: "int32" } as const };
}

export function unary(definition: GraphDefBuilder, op: string, x: Ref): Ref {
  return definition.add(op, [x], float);
}

export function binary(definition: GraphDefBuilder, op: string, a: Ref, b: Ref): Ref {
  return definition.add(op, [a, b], float);
}

export function scaled(definition: GraphDefBuilder, x: Ref, factor: number): Ref {
  return binary(definition, "Mul", x, definition.float(factor));
}

export function reduced(
  definition: GraphDefBuilder,
  op: "Mean" | "Sum",
  x: Ref,
  axes: readonly number[],
  keepAxes: boolean,
): Ref {
  const attributes = { ...floatWith("Tidx"), keep_dims: { bool: keepAxes } };
  return definition.add(op, [x, definition.integers(axes)], attributes);
}

export function reshaped(definition: GraphDefBuilder, x: Ref, shape: readonly number[]): Ref {
  return definition.add("Reshape", [x, definition.integers(shape)], floatWith("Tshape"));
}

export function broadcast(definition: GraphDefBuilder, x: Ref, shape: readonly number[]): Ref {
  return definition.add("BroadcastTo", [x, definition.integers(shape)], floatWith("Tidx"));
}

export function sliced(definition: GraphDefBuilder, x: Ref, begin: readonly number[], size: readonly number[]): Ref {
  const inputs = [x, definition.integers(begin), definition.integers(size)];
  return definition.add("Slice", inputs, floatWith("Index"));
}

export function padded(definition: GraphDefBuilder, x: Ref, paddings: readonly (readonly [number, number])[]): Ref {
  const list = definition.integers(paddings.flat(), [paddings.length, 2]);
  return definition.add("Pad", [x, list], floatWith("Tpaddings"));
}

/** Sum over all axes but the last. */
export function columnSums(definition: GraphDefBuilder, x: Ref): Ref {
  return definition.add("BiasAddGrad", [x], { ...float, data_format: { text: "NHWC" } });
}
