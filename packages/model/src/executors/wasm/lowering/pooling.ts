import { elementCount } from "../../../graph/shape.js";
import { withTensors } from "../tfjs-kernels.js";
import { kernel, type LoweringRule } from "./lowering.js";
import { rowsAndWidth } from "./units.js";

/** TensorFlow.js's kernel (XNNPACK); padding never wins. */
export const maxPool: LoweringRule<"maxPool"> = ({ inputs: [x], outputs: [y], attributes: { size, stride, pad } }) => ({
  bind: ({ inputs, outputs }, { heap: { module } }) => {
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const tensors = [
      { address: inputs[0]!, length: elementCount(x!.shape) },
      { address: outputs[0]!, length: elementCount(y!.shape) },
    ];
    return [
      () =>
        withTensors(module, tensors, (source, target) => {
          const window = [size, size, pad, pad, pad, pad, 1, 1, stride, stride] as const;
          module._MaxPool(source!, batch, height, width, ...window, channels, channels, target!);
        }),
    ];
  },
});

export const maxPoolGrad: LoweringRule<"maxPoolGrad"> = ({ inputs: [x, y], attributes: { size, stride, pad } }) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const [, outHeight, outWidth] = y!.shape as [number, number, number];
  return kernel(
    "maxPoolGrad",
    { units: batch, work: batch * outHeight * outWidth * channels * size * size },
    ({ inputs, outputs }) => [...inputs, ...outputs, height, width, channels, outHeight, outWidth, size, stride, pad],
  );
};

/** TensorFlow.js's kernel (XNNPACK). */
export const softmax: LoweringRule<"softmax"> = ({ inputs: [x] }) => ({
  inPlace: [0],
  bind: ({ inputs, outputs }, { heap: { module } }) => {
    const [rows, width] = rowsAndWidth(x!);
    const tensors = [inputs[0]!, outputs[0]!].map((address) => ({ address, length: rows * width }));
    return [() => withTensors(module, tensors, (source, target) => module._Softmax(source!, target!, width, rows))];
  },
});

export const softmaxGrad: LoweringRule<"softmaxGrad"> = ({ inputs: [dy] }) => {
  const [rows, width] = rowsAndWidth(dy!);
  return kernel(
    "softmaxGrad",
    { units: rows, work: 3 * rows * width },
    ({ inputs, outputs }) => [...inputs, ...outputs, width],
    [0, 1],
  );
};
