import { elementCount } from "../../../graph/shape.js";
import { columnSums } from "./column-sums.js";
import { input, type LoweringRule, output, read, temporary, write } from "./lowering.js";
import { rowFunctions } from "./rows.js";
import { float, shader } from "./shader.js";

const ofInput = (groups: number, rows: number, channels: number, factor = 1) =>
  columnSums({
    groups,
    rows,
    channels,
    factor,
    bindings: { x: read(input(0)) },
    terms: ["x[i]"],
    results: [output(0)],
  });

export const biasAddGrad: LoweringRule<"biasAddGrad"> = ({ inputs: [dy] }) => {
  const channels = dy!.shape.at(-1)!;
  return ofInput(1, elementCount(dy!.shape) / channels, channels);
};

export const sumBatch: LoweringRule<"sumBatch"> = ({ inputs: [x] }) => {
  const batch = x!.shape[0]!;
  return ofInput(1, batch, elementCount(x!.shape) / batch);
};

export const globalAveragePool: LoweringRule<"globalAveragePool"> = ({ inputs: [x] }) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  return ofInput(batch, height * width, channels, 1 / (height * width));
};

export const mean: LoweringRule<"mean"> = ({ inputs: [x] }) => {
  const count = elementCount(x!.shape);
  return ofInput(1, count, 1, 1 / count);
};

/** Partial sums of a gradient; a whole number of them fills the alignment of a binding. */
const partialsPerGradient = 64;

export const globalNorm: LoweringRule<"globalNorm"> = ({ inputs: gradients }) => {
  const partials = (first: number, count: number) =>
    temporary(first * partialsPerGradient, count * partialsPerGradient);
  const squares = gradients.map(({ shape }, index) =>
    shader({
      bindings: { x: read(input(index)), partials: write(partials(index, 1)) },
      workgroups: partialsPerGradient,
      work: elementCount(shape),
      declarations: rowFunctions(256),
      body: `var sum = 0f;
  for (var i = index; i < arrayLength(&x); i += ${partialsPerGradient * 256}u) { sum += x[i] * x[i]; }
  let total = totalOf(sum, local);
  if (local == 0u) { partials[group] = total; }`,
    }),
  );
  const join = shader({
    bindings: { partials: read(partials(0, gradients.length)), norm: write(output(0)) },
    workgroups: 1,
    work: gradients.length * partialsPerGradient,
    declarations: rowFunctions(256),
    body: `var sum = 0f;
  for (var i = local; i < arrayLength(&partials); i += 256u) { sum += partials[i]; }
  let total = totalOf(sum, local);
  if (local == 0u) { norm[0] = sqrt(total); }`,
  });
  return { kernels: [...squares, join], temporaryFloats: gradients.length * partialsPerGradient };
};

/** Not min(): a norm that is not a number must show. */
export const clipFactor: LoweringRule<"clipFactor"> = ({ attributes: { maximum } }) => {
  const kernel = shader({
    bindings: { norm: read(input(0)), factor: write(output(0)) },
    workgroups: 1,
    work: 1,
    size: 1,
    body: `let wanted = ${float(maximum)} / norm[0];
  factor[index] = select(wanted, 1f, wanted >= 1f);`,
  });
  return { kernels: [kernel] };
};
