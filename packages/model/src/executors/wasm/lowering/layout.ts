import type { Shape } from "../../../graph/operation.js";
import { elementCount } from "../../../graph/shape.js";
import type { KernelCall, LoweringRule } from "./lowering.js";

/** One axis of a copy: how often, and how far apart in floats on both sides. */
interface Axis {
  readonly extent: number;
  readonly source: number;
  readonly target: number;
}

/** Distances of neighbours along each axis of a dense array, in floats. */
function strides(shape: Shape): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Joins neighbouring axes that are dense on both sides; drops those of extent one. */
function simplify(axes: readonly Axis[]): Axis[] {
  const joined: Axis[] = [];
  for (const axis of axes) {
    if (axis.extent === 1) continue;
    const outer = joined.at(-1);
    const dense = outer && outer.source === axis.extent * axis.source && outer.target === axis.extent * axis.target;
    if (dense) joined[joined.length - 1] = { ...axis, extent: outer.extent * axis.extent };
    else joined.push(axis);
  }
  return joined;
}

/** Copies by runs along the last axis where it is dense; what three outer axes cannot hold is unrolled into several calls. */
function copySteps(axes: readonly Axis[], source: number, target: number): KernelCall[] {
  const rest = simplify(axes);
  const last = rest.at(-1);
  const run = last?.source === 1 && last.target === 1 ? rest.pop()!.extent : 1;
  return unroll(rest, source, target, run);
}

function unroll(axes: readonly Axis[], source: number, target: number, run: number): KernelCall[] {
  if (axes.length > 3) {
    const [first, ...inner] = axes as [Axis, ...Axis[]];
    return Array.from({ length: first.extent }, (_, i) =>
      unroll(inner, source + 4 * i * first.source, target + 4 * i * first.target, run),
    ).flat();
  }
  const none = { extent: 1, source: 0, target: 0 };
  const [outer, middle, inner] = [...axes, none, none, none] as [Axis, Axis, Axis];
  const bytes = (side: "source" | "target") => [4 * outer[side], 4 * middle[side], 4 * inner[side]];
  // A run costs a call however short it is.
  const work = outer.extent * middle.extent * inner.extent * (run + 8);
  const parameters = [source, target, 4 * run, middle.extent, inner.extent, ...bytes("source"), ...bytes("target")];
  return [{ kernel: "stridedCopy", parameters, units: outer.extent, work }];
}

export const transpose: LoweringRule<"transpose"> = ({ inputs: [x], outputs: [y], attributes: { permutation } }) => ({
  bind: ({ inputs, outputs }) => {
    const from = strides(x!.shape);
    const to = strides(y!.shape);
    const axes = permutation.map((axis, i) => ({ extent: y!.shape[i]!, source: from[axis]!, target: to[i]! }));
    return copySteps(axes, inputs[0]!, outputs[0]!);
  },
});

export const slice: LoweringRule<"slice"> = ({ inputs: [x], attributes: { begin, size } }) => ({
  bind: ({ inputs, outputs }) => {
    const from = strides(x!.shape);
    const to = strides(size);
    const axes = size.map((extent, i) => ({ extent, source: from[i]!, target: to[i]! }));
    const first = begin.reduce((sum, index, axis) => sum + index * from[axis]!, 0);
    return copySteps(axes, inputs[0]! + 4 * first, outputs[0]!);
  },
});

export const pad: LoweringRule<"pad"> = ({ inputs: [x], outputs: [y], attributes: { paddings } }) => ({
  bind: ({ inputs, outputs }, { heap }) => {
    const from = strides(x!.shape);
    const to = strides(y!.shape);
    const axes = x!.shape.map((extent, i) => ({ extent, source: from[i]!, target: to[i]! }));
    const first = paddings.reduce((sum, [before], axis) => sum + before * to[axis]!, 0);
    const [target] = outputs as [number];
    return [() => heap.zero(target, elementCount(y!.shape)), ...copySteps(axes, inputs[0]!, target + 4 * first)];
  },
});

export const concat: LoweringRule<"concat"> = ({ inputs: parts, outputs: [y], attributes: { axis } }) => ({
  bind: ({ inputs, outputs }) => {
    const to = strides(y!.shape);
    let position = 0;
    return parts.flatMap((part, index) => {
      const from = strides(part.shape);
      const axes = part.shape.map((extent, i) => ({ extent, source: from[i]!, target: to[i]! }));
      const target = outputs[0]! + 4 * position * to[axis]!;
      position += part.shape[axis]!;
      return copySteps(axes, inputs[index]!, target);
    });
  },
});
