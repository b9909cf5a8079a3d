import type { Shape } from "../../../graph/operation.js";
import { elementCount } from "../../../graph/shape.js";
import { input, type Kernel, type LoweringRule, type Memory, output, read, write } from "./lowering.js";
import { mapElements } from "./map-elements.js";
import { shader } from "./shader.js";

/** Where the elements of a box lie in an array, in floats. */
interface Placement {
  readonly memory: Memory;
  readonly offset: number;
  readonly strides: Shape;
}

/** Copies a box of this shape; by fours where they lie next to each other on both sides. */
function copyBox(shape: Shape, from: Placement, to: Placement): Kernel {
  const rank = shape.length;
  const lastStrides = [from.strides[rank - 1], to.strides[rank - 1]];
  const multiples = [shape[rank - 1], from.offset, to.offset, ...from.strides.slice(0, -1), ...to.strides.slice(0, -1)];
  const byFours = rank > 0 && lastStrides.every((s) => s === 1) && multiples.every((n) => n! % 4 === 0);
  const unit = byFours ? 4 : 1;
  const element = byFours ? "vec4f" : "f32";
  const elements = elementCount(shape) / unit;

  const statements = [`if (index >= ${elements}u) { return; }`, "var rest = index;"];
  const terms: Record<"from" | "to", string[]> = {
    from: [`${from.offset / unit}u`],
    to: [`${to.offset / unit}u`],
  };
  for (let axis = rank - 1; axis >= 0; axis--) {
    const extent = axis === rank - 1 ? shape[axis]! / unit : shape[axis]!;
    statements.push(`let i${axis} = rest % ${extent}u; rest = rest / ${extent}u;`);
    const stride = (strides: Shape) => (axis === rank - 1 ? strides[axis]! : strides[axis]! / unit);
    terms.from.push(`i${axis} * ${stride(from.strides)}u`);
    terms.to.push(`i${axis} * ${stride(to.strides)}u`);
  }
  statements.push(`y[${terms.to.join(" + ")}] = x[${terms.from.join(" + ")}];`);
  return shader({
    bindings: { x: read(from.memory, element), y: write(to.memory, element) },
    workgroups: Math.ceil(elements / 256),
    work: elements,
    body: statements.join("\n  "),
  });
}

/** Row-major strides. */
function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

const offsetOf = (strides: Shape, position: Shape): number =>
  position.reduce((sum, coordinate, axis) => sum + coordinate * strides[axis]!, 0);

export const transpose: LoweringRule<"transpose"> = ({ inputs: [x], outputs: [y], attributes: { permutation } }) => {
  const strides = stridesOf(x!.shape);
  const from = { memory: input(0), offset: 0, strides: permutation.map((axis) => strides[axis]!) };
  return { kernels: [copyBox(y!.shape, from, { memory: output(0), offset: 0, strides: stridesOf(y!.shape) })] };
};

export const slice: LoweringRule<"slice"> = ({ inputs: [x], attributes: { begin, size } }) => {
  const strides = stridesOf(x!.shape);
  const from = { memory: input(0), offset: offsetOf(strides, begin), strides };
  return { kernels: [copyBox(size, from, { memory: output(0), offset: 0, strides: stridesOf(size) })] };
};

export const pad: LoweringRule<"pad"> = ({ inputs: [x], outputs: [y], attributes: { paddings } }) => {
  const strides = stridesOf(y!.shape);
  const begin = paddings.map(([before]) => before);
  const clear = mapElements({
    bindings: { y: write(output(0), "vec4f") },
    body: "y[index] = vec4f(0);",
    over: "y",
    floats: elementCount(y!.shape),
  });
  const from = { memory: input(0), offset: 0, strides: stridesOf(x!.shape) };
  const to = { memory: output(0), offset: offsetOf(strides, begin), strides };
  return { kernels: [clear, copyBox(x!.shape, from, to)] };
};

export const concat: LoweringRule<"concat"> = ({ inputs: parts, outputs: [y], attributes: { axis } }) => {
  const strides = stridesOf(y!.shape);
  let offset = 0;
  const kernels = parts.map((part, index) => {
    const from = { memory: input(index), offset: 0, strides: stridesOf(part.shape) };
    const kernel = copyBox(part.shape, from, { memory: output(0), offset, strides });
    offset += part.shape[axis]! * strides[axis]!;
    return kernel;
  });
  return { kernels };
};
