import type { VariableSpec } from "../graph/graph.js";
import type { Shape } from "../graph/operation.js";

/**
 * How a variable's axes are ordered in PyTorch's files. Ours: filters HWIO, linear weights [in, out]; PyTorch's (timm's,
 * torchvision's): OIHW and [out, in]. All others agree.
 */
function torchPermutation(kind: VariableSpec["kind"]): Shape | undefined {
  if (kind === "conv") return [3, 2, 0, 1];
  if (kind === "linear") return [1, 0];
  return undefined;
}

export type LayoutVariable = Pick<VariableSpec, "kind" | "shape">;

/** Each variable by name with the kind that decides its layout: an optimizer slot is stored as the weight it belongs to. */
export function layoutVariables(variables: readonly VariableSpec[]): Map<string, LayoutVariable> {
  const byName = new Map(variables.map((variable) => [variable.name, variable]));
  return new Map(
    variables.map(({ name, kind, shape }) => {
      const owner = kind === "slot" ? byName.get(name.slice(name.indexOf("/") + 1)) : undefined;
      return [name, { kind: owner?.kind ?? kind, shape }];
    }),
  );
}

export function torchShape({ kind, shape }: LayoutVariable): Shape {
  return torchPermutation(kind)?.map((axis) => shape[axis]!) ?? shape;
}

/** Our data -> PyTorch's order. Returns `data` itself where both agree. */
export function toTorchLayout(variable: LayoutVariable, data: Float32Array): Float32Array {
  const permutation = torchPermutation(variable.kind);
  return permutation ? permute(data, variable.shape, permutation) : data;
}

/** PyTorch's order -> ours. Returns `data` itself where both agree. */
export function fromTorchLayout(variable: LayoutVariable, data: Float32Array): Float32Array {
  const permutation = torchPermutation(variable.kind);
  if (!permutation) return data;
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return permute(data, torchShape(variable), inverse);
}

/** Both layouts differ by a transposition of leading and trailing axes, so the innermost loop is written for any rank up to 4. */
function permute(data: Float32Array, shape: Shape, permutation: Shape): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1));
  const missing = 4 - shape.length;
  const extents = [...Array<number>(missing).fill(1), ...permutation.map((axis) => shape[axis]!)];
  const steps = [...Array<number>(missing).fill(0), ...permutation.map((axis) => strides[axis]!)];
  const [a, b, c, d] = extents as [number, number, number, number];
  const [stepA, stepB, stepC, stepD] = steps as [number, number, number, number];
  const result = new Float32Array(data.length);
  let target = 0;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        let source = i * stepA + j * stepB + k * stepC;
        for (let l = 0; l < d; l++, source += stepD) result[target++] = data[source]!;
      }
    }
  }
  return result;
}
