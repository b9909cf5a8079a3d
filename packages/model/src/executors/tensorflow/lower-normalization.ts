import type { Shape } from "../../graph/operation.js";
import { elementCount } from "../../graph/shape.js";
import type { Attributes, GraphDefBuilder, Ref } from "./graph-def.js";
import { binary, columnSums, float, type Lowering, reduced, reshaped, unary } from "./lowering.js";

function batchNormAttributes(epsilon: number, isTraining: boolean): Attributes {
  return {
    ...float,
    U: { type: "float32" },
    epsilon: { float: epsilon },
    data_format: { text: "NHWC" },
    is_training: { bool: isTraining },
  };
}

const batchStatistics = { exponential_avg_factor: { float: 1 } } as const;

/** TensorFlow's fused kernels take images only: other ranks become images of one pixel. */
function asImages(definition: GraphDefBuilder, x: Ref, shape: Shape): Ref {
  if (shape.length === 4) return x;
  const channels = shape.at(-1)!;
  return reshaped(definition, x, [elementCount(shape) / channels, 1, 1, channels]);
}

function fromImages(definition: GraphDefBuilder, y: Ref, shape: Shape): Ref {
  return shape.length === 4 ? y : reshaped(definition, y, shape);
}

function empty(definition: GraphDefBuilder): Ref {
  return definition.sharedNode("no statistics", () => definition.floats(new Float32Array(0), [0]));
}

/** Results 1 and 2 are the mean and the unbiased variance, 3 to 5 what the gradient kernel needs. */
export const batchNormTrain: Lowering<"batchNormTrain"> = (definition, { attributes, inputs }, [x, gamma, beta]) => {
  const { shape } = inputs[0]!;
  const none = empty(definition);
  const operands = [asImages(definition, x!, shape), gamma!, beta!, none, none];
  const options = { ...batchNormAttributes(attributes.epsilon, true), ...batchStatistics };
  const y = definition.add("FusedBatchNormV3", operands, options);
  return [fromImages(definition, y, shape), `${y}:1`, `${y}:2`, `${y}:3`, `${y}:4`, `${y}:5`];
};

export const batchNormTrainGrad: Lowering<"batchNormTrainGrad"> = (definition, node, [dy, x, gamma, ...saved]) => {
  const { shape } = node.inputs[0]!;
  const operands = [asImages(definition, dy!, shape), asImages(definition, x!, shape), gamma!, ...saved];
  const dx = definition.add("FusedBatchNormGradV3", operands, batchNormAttributes(node.attributes.epsilon, true));
  return [fromImages(definition, dx, shape), `${dx}:1`, `${dx}:2`];
};

export const batchNormInference: Lowering<"batchNormInference"> = (definition, node, [x, ...vectors]) => {
  const { shape } = node.inputs[0]!;
  const options = { ...batchNormAttributes(node.attributes.epsilon, false), ...batchStatistics };
  const y = definition.add("FusedBatchNormV3", [asImages(definition, x!, shape), ...vectors], options);
  return [fromImages(definition, y, shape)];
};

export const batchNormInferenceGrad: Lowering<"batchNormInferenceGrad"> = (definition, node, inputs) => {
  const [dy, x, gamma, mean, variance] = inputs;
  const { shape } = node.inputs[0]!;
  const operands = [asImages(definition, dy!, shape), asImages(definition, x!, shape), gamma!, mean!, variance!];
  const options = batchNormAttributes(node.attributes.epsilon, false);
  const dx = definition.add("FusedBatchNormGradV3", [...operands, empty(definition)], options);
  return [fromImages(definition, dx, shape), `${dx}:1`, `${dx}:2`];
};

export const layerNorm: Lowering<"layerNorm"> = (definition, { attributes, inputs }, [x, gamma, beta]) => {
  const rows = inputs[0]!.shape[0]!;
  const mean = reduced(definition, "Mean", x!, [1], true);
  const centred = binary(definition, "Sub", x!, mean);
  const variance = reduced(definition, "Mean", unary(definition, "Square", centred), [1], true);
  const inverse = unary(
    definition,
    "Rsqrt",
    binary(definition, "AddV2", variance, definition.float(attributes.epsilon)),
  );
  const normalized = binary(definition, "Mul", centred, inverse);
  const y = binary(definition, "AddV2", binary(definition, "Mul", normalized, gamma!), beta!);
  return [y, reshaped(definition, mean, [rows]), reshaped(definition, inverse, [rows])];
};

/** dx = r·(d − mean d − x̂·mean(d·x̂)) with d = dy·γ */
export const layerNormGrad: Lowering<"layerNormGrad"> = (definition, { inputs }, [dy, x, gamma, mean, inverse]) => {
  const rows = inputs[1]!.shape[0]!;
  const column = (vector: Ref) => reshaped(definition, vector, [rows, 1]);
  const times = (a: Ref, b: Ref) => binary(definition, "Mul", a, b);
  const minus = (a: Ref, b: Ref) => binary(definition, "Sub", a, b);
  const rowMean = (a: Ref) => reduced(definition, "Mean", a, [1], true);

  const deviation = column(inverse!);
  const normalized = times(minus(x!, column(mean!)), deviation);
  const d = times(dy!, gamma!);
  const projection = times(normalized, rowMean(times(d, normalized)));
  const dx = times(minus(minus(d, rowMean(d)), projection), deviation);
  return [dx, columnSums(definition, times(dy!, normalized)), columnSums(definition, dy!)];
};
