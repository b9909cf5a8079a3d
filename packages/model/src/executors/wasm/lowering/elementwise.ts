import { elementCount } from "../../../graph/shape.js";
import { kernel, type LoweringRule, type Step } from "./lowering.js";
import { channelUnits, elementUnits, rowsAndWidth } from "./units.js";

export const relu: LoweringRule<"relu"> = ({ outputs: [y] }) =>
  kernel("relu", elementUnits(y!), ({ inputs, outputs }) => [inputs[0]!, outputs[0]!], [0]);

export const reluGrad: LoweringRule<"reluGrad"> = ({ outputs: [dx] }) =>
  kernel("reluGrad", elementUnits(dx!), ({ inputs, outputs }) => [inputs[0]!, inputs[1]!, outputs[0]!], [0, 1]);

export const gelu: LoweringRule<"gelu"> = ({ outputs: [y] }) =>
  kernel("gelu", elementUnits(y!, 20), ({ inputs, outputs }) => [inputs[0]!, outputs[0]!], [0]);

export const geluGrad: LoweringRule<"geluGrad"> = ({ outputs: [dx] }) =>
  kernel("geluGrad", elementUnits(dx!, 20), ({ inputs, outputs }) => [inputs[0]!, inputs[1]!, outputs[0]!], [0, 1]);

export const add: LoweringRule<"add"> = ({ outputs: [y] }) =>
  kernel("add", elementUnits(y!), ({ inputs, outputs }) => [inputs[0]!, inputs[1]!, outputs[0]!], [0, 1]);

export const scale: LoweringRule<"scale"> = ({ outputs: [y], attributes }) =>
  kernel("scale", elementUnits(y!), ({ inputs, outputs }) => [inputs[0]!, outputs[0]!, attributes.factor], [0]);

/** One addition after the other, from the left. */
export const addN: LoweringRule<"addN"> = ({ inputs: terms, outputs: [y] }) => ({
  inPlace: terms.lastIndexOf(terms[0]!) === 0 ? [0] : [],
  bind: ({ inputs, outputs: [sum] }) => {
    const range = elementUnits(y!);
    const [first, ...rest] = inputs as [number, ...number[]];
    if (rest.length === 0) return [{ kernel: "scale", parameters: [first, sum!, 1], ...range }];
    return rest.map<Step>((term, index) => ({
      kernel: "add",
      parameters: [index === 0 ? first : sum!, term, sum!],
      ...range,
    }));
  },
});

export const biasAdd: LoweringRule<"biasAdd"> = ({ outputs: [y] }) => {
  const [rows, width] = rowsAndWidth(y!);
  return kernel(
    "addRow",
    { units: rows, work: rows * width },
    ({ inputs, outputs }) => [inputs[0]!, inputs[1]!, outputs[0]!, width],
    [0],
  );
};

export const addToBatch: LoweringRule<"addToBatch"> = ({ outputs: [y] }) => {
  const batch = y!.shape[0]!;
  const width = elementCount(y!.shape) / batch;
  return kernel(
    "addRow",
    { units: batch, work: batch * width },
    ({ inputs, outputs }) => [inputs[0]!, inputs[1]!, outputs[0]!, width],
    [0],
  );
};

/** Sums of `groups` matrices [rows, channels] over their rows, times `factor`. */
function columnSums(groups: number, rows: number, channels: number, factor: number) {
  const range = { units: groups * channelUnits(channels), work: groups * rows * channels };
  return kernel("columnSums", range, ({ inputs, outputs }) => [inputs[0]!, outputs[0]!, rows, channels, factor]);
}

export const biasAddGrad: LoweringRule<"biasAddGrad"> = ({ inputs: [dy] }) => columnSums(1, ...rowsAndWidth(dy!), 1);

export const sumBatch: LoweringRule<"sumBatch"> = ({ inputs: [x] }) => {
  const batch = x!.shape[0]!;
  return columnSums(1, batch, elementCount(x!.shape) / batch, 1);
};

export const globalAveragePool: LoweringRule<"globalAveragePool"> = ({ inputs: [x] }) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  return columnSums(batch, height * width, channels, 1 / (height * width));
};

/** Each row of x[rows, width] `repeat` times, times `factor`. */
function repeatRows(rows: number, width: number, repeat: number, factor: number) {
  return kernel("repeatRows", { units: rows * repeat, work: rows * repeat * width }, ({ inputs, outputs }) => [
    inputs[0]!,
    outputs[0]!,
    width,
    repeat,
    factor,
  ]);
}

export const globalAveragePoolGrad: LoweringRule<"globalAveragePoolGrad"> = ({ attributes: { inputShape } }) => {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  return repeatRows(batch, channels, height * width, 1 / (height * width));
};

export const tileBatch: LoweringRule<"tileBatch"> = ({ inputs: [x], attributes: { batch } }) =>
  repeatRows(1, elementCount(x!.shape), batch, 1);
