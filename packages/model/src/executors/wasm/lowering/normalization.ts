import { kernel, type LoweringRule } from "./lowering.js";
import { channelRange, rowsAndWidth } from "./units.js";

export const batchNormTrain: LoweringRule<"batchNormTrain"> = ({ inputs: [x], attributes: { epsilon } }) => {
  const [rows, channels] = rowsAndWidth(x!);
  return kernel("batchNormTrain", channelRange(rows, channels, 5), ({ inputs, outputs }) => {
    const [y, mean, variance, savedMean, savedInverse] = outputs as [number, number, number, number, number];
    return [...inputs, y, mean, variance, savedMean, savedInverse, epsilon, rows, channels];
  });
};

export const batchNormTrainGrad: LoweringRule<"batchNormTrainGrad"> = ({ inputs: [, x] }) => {
  const [rows, channels] = rowsAndWidth(x!);
  return kernel(
    "batchNormTrainGrad",
    channelRange(rows, channels, 5),
    ({ inputs, outputs }) => [...inputs.slice(0, 5), ...outputs, rows, channels],
    [0, 1],
  );
};

export const batchNormInference: LoweringRule<"batchNormInference"> = ({ inputs: [x], attributes: { epsilon } }) => {
  const [rows, channels] = rowsAndWidth(x!);
  const parameters = [epsilon, rows, channels];
  return kernel(
    "batchNormInference",
    channelRange(rows, channels, 3),
    ({ inputs, outputs }) => [...inputs, ...outputs, ...parameters],
    [0],
  );
};

export const batchNormInferenceGrad: LoweringRule<"batchNormInferenceGrad"> = ({ inputs: [, x], attributes }) => {
  const [rows, channels] = rowsAndWidth(x!);
  const parameters = [attributes.epsilon, rows, channels];
  return kernel(
    "batchNormInferenceGrad",
    channelRange(rows, channels, 3),
    ({ inputs, outputs }) => [...inputs, ...outputs, ...parameters],
    [0],
  );
};

export const layerNorm: LoweringRule<"layerNorm"> = ({ inputs: [x], attributes: { epsilon } }) => {
  const [rows, width] = rowsAndWidth(x!);
  return kernel("layerNorm", { units: rows, work: 5 * rows * width }, ({ inputs, outputs }) => [
    ...inputs,
    ...outputs,
    width,
    epsilon,
  ]);
};

export const layerNormGrad: LoweringRule<"layerNormGrad"> = ({ inputs: [, x] }) => {
  const [rows, width] = rowsAndWidth(x!);
  return {
    bind: ({ inputs, outputs }) => {
      const [dy, input, gamma, mean, inverse] = inputs as [number, number, number, number, number];
      const [dx, dgamma, dbeta] = outputs as [number, number, number];
      const parameters = [dy, input, mean, inverse, dgamma, dbeta, rows, width];
      return [
        { kernel: "layerNormGradParameters", parameters, ...channelRange(rows, width, 4) },
        {
          kernel: "layerNormGradInput",
          parameters: [dy, input, gamma, mean, inverse, dx, width],
          units: rows,
          work: 5 * rows * width,
        },
      ];
    },
    inPlace: [0, 1],
  };
};
