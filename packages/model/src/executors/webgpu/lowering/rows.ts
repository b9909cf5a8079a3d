import type { Value } from "../../../graph/graph.js";
import { elementCount } from "../../../graph/shape.js";
import { type Binding, input, type Kernel, type LoweringRule, output, read, write } from "./lowering.js";
import { shader } from "./shader.js";

/** `totalOf(value, local)` and `largestOf(value, local)` over all invocations of a workgroup of `size`, the same in each. */
export function rowFunctions(size: number): string {
  const reduce = (name: string, join: string) => `
fn ${name}(value: f32, local: u32) -> f32 {
  workgroupBarrier();
  lanes[local] = value;
  workgroupBarrier();
  for (var half = ${size / 2}u; half > 0u; half = half / 2u) {
    if (local < half) { ${join} }
    workgroupBarrier();
  }
  return lanes[0];
}`;
  return `var<workgroup> lanes: array<f32, ${size}>;
${reduce("totalOf", "lanes[local] += lanes[local + half];")}
${reduce("largestOf", "lanes[local] = max(lanes[local], lanes[local + half]);")}`;
}

interface RowKernel {
  readonly rows: number;
  readonly width: number;
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Statements of a workgroup for its row, the `group`-th. */
  readonly body: (loop: (statement: string) => string) => string;
}

/** A kernel with one workgroup for each row. `loop` repeats a statement for the elements of the row, whose place is `i`, `column` in the row. */
export function rowKernel({ rows, width, bindings, body }: RowKernel): Kernel {
  const size = width <= 256 ? 64 : 256;
  const loop = (statement: string) =>
    `for (var column = local; column < ${width}u; column += ${size}u) { let i = group * ${width}u + column; ${statement} }`;
  return shader({
    bindings,
    workgroups: rows,
    work: rows * width,
    size,
    declarations: rowFunctions(size),
    body: body(loop),
  });
}

export function rowsAndWidth({ shape }: Value): { readonly rows: number; readonly width: number } {
  const width = shape.at(-1)!;
  return { rows: elementCount(shape) / width, width };
}

const lowest = "-3.4028234e38f";

export const softmax: LoweringRule<"softmax"> = ({ outputs: [y] }) => {
  const kernel = rowKernel({
    ...rowsAndWidth(y!),
    bindings: { x: read(input(0)), y: write(output(0)) },
    body: (loop) => `var most = ${lowest};
  ${loop("most = max(most, x[i]);")}
  let largest = largestOf(most, local);
  var sum = 0f;
  ${loop("let e = exp(x[i] - largest); y[i] = e; sum += e;")}
  let factor = 1f / totalOf(sum, local);
  ${loop("y[i] *= factor;")}`,
  });
  return { kernels: [kernel] };
};

/** dx = y·(dy − Σ dy·y) */
export const softmaxGrad: LoweringRule<"softmaxGrad"> = ({ outputs: [dx] }) => {
  const kernel = rowKernel({
    ...rowsAndWidth(dx!),
    bindings: { dy: read(input(0)), y: read(input(1)), dx: write(output(0)) },
    body: (loop) => `var sum = 0f;
  ${loop("sum += dy[i] * y[i];")}
  let inner = totalOf(sum, local);
  ${loop("dx[i] = y[i] * (dy[i] - inner);")}`,
  });
  return { kernels: [kernel] };
};

/** losses −Σ t·log softmax(z); gradients softmax(z)·Σt − t */
export const softmaxCrossEntropy: LoweringRule<"softmaxCrossEntropy"> = ({ inputs: [logits] }) => {
  const kernel = rowKernel({
    ...rowsAndWidth(logits!),
    bindings: { z: read(input(0)), t: read(input(1)), losses: write(output(0)), dz: write(output(1)) },
    body: (loop) => `var most = ${lowest};
  ${loop("most = max(most, z[i]);")}
  let largest = largestOf(most, local);
  var sum = 0f;
  var share = 0f;
  ${loop("sum += exp(z[i] - largest); share += t[i];")}
  let logSum = largest + log(totalOf(sum, local));
  let weight = totalOf(share, local);
  var loss = 0f;
  ${loop("loss += t[i] * (logSum - z[i]); dz[i] = exp(z[i] - logSum) * weight - t[i];")}
  let rowLoss = totalOf(loss, local);
  if (local == 0u) { losses[group] = rowLoss; }`,
  });
  return { kernels: [kernel] };
};
