import type { GraphDefBuilder, Ref } from "./graph-def.js";
import { binary, broadcast, columnSums, float, type Lowering, reduced, reshaped, scaled, unary } from "./lowering.js";

export const relu: Lowering<"relu"> = (definition, _, [x]) => [unary(definition, "Relu", x!)];

export const reluGrad: Lowering<"reluGrad"> = (definition, _, [dy, y]) => [binary(definition, "ReluGrad", dy!, y!)];

/** Φ(x) = (1 + erf(x/√2)) / 2 */
function gaussianCdf(definition: GraphDefBuilder, x: Ref): Ref {
  return definition.sharedNode(`gaussian cdf ${x}`, () => {
    const erf = unary(definition, "Erf", scaled(definition, x, Math.SQRT1_2));
    return scaled(definition, binary(definition, "AddV2", erf, definition.float(1)), 0.5);
  });
}

export const gelu: Lowering<"gelu"> = (definition, _, [x]) => [
  binary(definition, "Mul", x!, gaussianCdf(definition, x!)),
];

/** dy·(Φ(x) + x·φ(x)) */
export const geluGrad: Lowering<"geluGrad"> = (definition, _, [dy, x]) => {
  const exponential = unary(definition, "Exp", scaled(definition, unary(definition, "Square", x!), -0.5));
  const density = scaled(definition, exponential, 1 / Math.sqrt(2 * Math.PI));
  const slope = binary(definition, "AddV2", gaussianCdf(definition, x!), binary(definition, "Mul", x!, density));
  return [binary(definition, "Mul", dy!, slope)];
};

export const softmax: Lowering<"softmax"> = (definition, _, [x]) => [unary(definition, "Softmax", x!)];

/** y·(dy − Σ dy·y) */
export const softmaxGrad: Lowering<"softmaxGrad"> = (definition, { inputs }, [dy, y]) => {
  const last = inputs[0]!.shape.length - 1;
  const inner = reduced(definition, "Sum", binary(definition, "Mul", dy!, y!), [last], true);
  return [binary(definition, "Mul", binary(definition, "Sub", dy!, inner), y!)];
};

/** TensorFlow's gradient supposes rows that sum to one: softmax(z) − t. Ours is softmax(z)·Σt − t. */
export const softmaxCrossEntropy: Lowering<"softmaxCrossEntropy"> = (definition, _, [logits, targets]) => {
  const loss = definition.add("SoftmaxCrossEntropyWithLogits", [logits!, targets!], float);
  const excess = binary(definition, "Sub", reduced(definition, "Sum", targets!, [1], true), definition.float(1));
  const correction = binary(definition, "Mul", unary(definition, "Softmax", logits!), excess);
  return [loss, binary(definition, "AddV2", `${loss}:1`, correction)];
};

export const softmaxCrossEntropyGrad: Lowering<"softmaxCrossEntropyGrad"> = (
  definition,
  { inputs },
  [dlogits, dloss],
) => {
  const rows = inputs[0]!.shape[0]!;
  return [binary(definition, "Mul", dlogits!, reshaped(definition, dloss!, [rows, 1]))];
};

export const add: Lowering<"add"> = (definition, _, [a, b]) => [binary(definition, "AddV2", a!, b!)];

export const addN: Lowering<"addN"> = (definition, _, terms) => [sum(definition, terms)];

export const biasAdd: Lowering<"biasAdd"> = (definition, _, [x, bias]) => [
  definition.add("BiasAdd", [x!, bias!], { ...float, data_format: { text: "NHWC" } }),
];

export const biasAddGrad: Lowering<"biasAddGrad"> = (definition, _, [dy]) => [columnSums(definition, dy!)];

export const addToBatch: Lowering<"addToBatch"> = (definition, _, [x, p]) => [binary(definition, "AddV2", x!, p!)];

export const sumBatch: Lowering<"sumBatch"> = (definition, _, [x]) => [reduced(definition, "Sum", x!, [0], true)];

export const tileBatch: Lowering<"tileBatch"> = (definition, { outputs }, [x]) => [
  broadcast(definition, x!, outputs[0]!.shape),
];

export const scale: Lowering<"scale"> = (definition, { attributes }, [x]) => [
  scaled(definition, x!, attributes.factor),
];

export const mean: Lowering<"mean"> = (definition, _, [x]) => [reduced(definition, "Mean", x!, [0], false)];

export const meanGrad: Lowering<"meanGrad"> = (definition, { attributes }, [dy]) => [
  broadcast(definition, scaled(definition, dy!, 1 / attributes.size), [attributes.size]),
];

/** √(2·Σ L2Loss(g)); L2Loss is half of a square sum. */
export const globalNorm: Lowering<"globalNorm"> = (definition, _, gradients) => {
  const halves = gradients.map((gradient) => unary(definition, "L2Loss", gradient));
  return [unary(definition, "Sqrt", scaled(definition, sum(definition, halves), 2))];
};

export const clipFactor: Lowering<"clipFactor"> = (definition, { attributes }, [norm]) => [
  binary(
    definition,
    "Minimum",
    definition.float(1),
    binary(definition, "RealDiv", definition.float(attributes.maximum), norm!),
  ),
];

function sum(definition: GraphDefBuilder, terms: readonly Ref[]): Ref {
  return definition.add("AddN", terms, { ...float, N: { integer: terms.length } });
}
