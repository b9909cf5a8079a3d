import type { GraphNode, Value } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { OperationName } from "./operation.js";
import { inversePermutation } from "./shape.js";

type NodeOf<Name extends OperationName> = Extract<GraphNode, { op: Name }>;

/** What a rule gets beside the node: the gradient of the first result, and which inputs need a gradient. */
interface GradientRequest {
  readonly dy: Value;
  /** One flag an input. A rule may skip the inputs that need none (the images, frozen weights). */
  readonly wanted: readonly boolean[];
}

/** One gradient an input, undefined where none is wanted or none exists. Differentiable results are always the first ones. */
export type GradientRule<Name extends OperationName> = (
  graph: GraphBuilder,
  node: NodeOf<Name>,
  request: GradientRequest,
) => readonly (Value | undefined)[];

/** Operations that training differentiates through; `slice` is handled where its contributions are joined. */
export const gradientRules: { readonly [Name in OperationName]?: GradientRule<Name> } = {
  conv2d: (graph, { attributes, inputs: [x, filter] }, { dy, wanted }) => {
    const { stride, pad } = attributes;
    return [
      wanted[0] ? graph.append("conv2dGradInput", { stride, pad, inputShape: x!.shape }, [dy, filter!])[0] : undefined,
      wanted[1]
        ? graph.append("conv2dGradFilter", { stride, pad, filterShape: filter!.shape }, [x!, dy])[0]
        : undefined,
    ];
  },

  batchNormTrain: (graph, { attributes, inputs: [x, gamma], outputs }, { dy }) =>
    graph.append("batchNormTrainGrad", attributes, [dy, x!, gamma!, ...outputs.slice(3)]),
  batchNormInference: (graph, { attributes, inputs: [x, gamma, , mean, variance] }, { dy }) =>
    graph.append("batchNormInferenceGrad", attributes, [dy, x!, gamma!, mean!, variance!]),
  layerNorm: (graph, { attributes, inputs: [x, gamma], outputs: [, mean, inverseDeviation] }, { dy }) =>
    graph.append("layerNormGrad", attributes, [dy, x!, gamma!, mean!, inverseDeviation!]),

  relu: (graph, { outputs: [y] }, { dy }) => graph.append("reluGrad", {}, [dy, y!]),
  gelu: (graph, { inputs: [x] }, { dy }) => graph.append("geluGrad", {}, [dy, x!]),
  softmax: (graph, { outputs: [y] }, { dy }) => graph.append("softmaxGrad", {}, [dy, y!]),

  maxPool: (graph, { attributes, inputs: [x], outputs: [y] }, { dy }) =>
    graph.append("maxPoolGrad", attributes, [x!, y!, dy]),
  globalAveragePool: (graph, { inputs: [x] }, { dy }) =>
    graph.append("globalAveragePoolGrad", { inputShape: x!.shape }, [dy]),

  matMul: (graph, { attributes, inputs }, request) => factorGradients(graph, "matMul", attributes, inputs, request),
  batchMatMul: (graph, { attributes, inputs }, request) =>
    factorGradients(graph, "batchMatMul", attributes, inputs, request),

  add: (_graph, _node, { dy }) => [dy, dy],
  addN: (_graph, { inputs }, { dy }) => inputs.map(() => dy),
  biasAdd: (graph, _node, { dy, wanted }) => [dy, wanted[1] ? graph.append("biasAddGrad", {}, [dy])[0] : undefined],
  addToBatch: (graph, _node, { dy, wanted }) => [dy, wanted[1] ? graph.append("sumBatch", {}, [dy])[0] : undefined],
  sumBatch: (graph, { inputs: [x] }, { dy }) => [graph.tileBatch(dy, x!.shape[0]!)],
  tileBatch: (graph, _node, { dy }) => graph.append("sumBatch", {}, [dy]),
  scale: (graph, { attributes }, { dy }) => [graph.scale(dy, attributes.factor)],

  reshape: (graph, { inputs: [x] }, { dy }) => [graph.reshape(dy, x!.shape)],
  transpose: (graph, { attributes }, { dy }) => [graph.transpose(dy, inversePermutation(attributes.permutation))],
  pad: (graph, { attributes, inputs: [x] }, { dy }) => [
    graph.slice(
      dy,
      attributes.paddings.map(([before]) => before),
      x!.shape,
    ),
  ],
  concat: (graph, { attributes: { axis }, inputs }, { dy, wanted }) => {
    let offset = 0;
    return inputs.map((part, index) => {
      const begin = part.shape.map((_, a) => (a === axis ? offset : 0));
      offset += part.shape[axis]!;
      return wanted[index] ? graph.slice(dy, begin, part.shape) : undefined;
    });
  },

  softmaxCrossEntropy: (graph, { outputs: [, dlogits] }, { dy }) =>
    graph.append("softmaxCrossEntropyGrad", {}, [dlogits!, dy]),
  mean: (graph, { inputs: [x] }, { dy }) => graph.append("meanGrad", { size: x!.shape[0]! }, [dy]),
};

/** Y = op(A)·op(B): dop(A) = dY·op(B)ᵀ and dop(B) = op(A)ᵀ·dY, each written so that no extra transposition is needed. */
function factorGradients(
  graph: GraphBuilder,
  op: "matMul" | "batchMatMul",
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  [a, b]: readonly Value[],
  { dy, wanted }: GradientRequest,
): readonly (Value | undefined)[] {
  const da = () =>
    transposeA
      ? graph[op](b!, dy, { transposeA: transposeB, transposeB: true })
      : graph[op](dy, b!, { transposeB: !transposeB });
  const db = () =>
    transposeB
      ? graph[op](dy, a!, { transposeA: true, transposeB: transposeA })
      : graph[op](a!, dy, { transposeA: !transposeA });
  return [wanted[0] ? da() : undefined, wanted[1] ? db() : undefined];
}
