import type { Graph, GraphNode } from "./graph.js";
import { elementCount } from "./shape.js";

/** Trained elements: weights, biases, gammas and betas; no running statistics, no optimizer slots. */
export function countParameters(graph: Graph): number {
  return graph.variables
    .filter((variable) => variable.trainable)
    .reduce((sum, variable) => sum + elementCount(variable.shape), 0);
}

/**
 * Multiply-adds of all convolutions and matrix products of one run. Of an evaluation graph with a batch of one, this is the MAC
 * count that papers print; of a training graph it includes the gradients (about three times as much).
 */
export function countMacs(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + macsOf(node), 0);
}

/** Elements of all results that nodes compute (no variables, no constants, no feeds): what an executor without release would hold. */
export function activationElements(graph: Graph): number {
  const computed = graph.nodes.filter((node) => !["placeholder", "variable", "constant"].includes(node.op));
  return computed.flatMap((node) => node.outputs).reduce((sum, output) => sum + elementCount(output.shape), 0);
}

function macsOf(node: GraphNode): number {
  switch (node.op) {
    case "conv2d":
      return elementCount(node.outputs[0]!.shape) * macsPerResult(node.inputs[1]!.shape);
    case "conv2dGradInput":
      return elementCount(node.inputs[0]!.shape) * macsPerResult(node.inputs[1]!.shape);
    case "conv2dGradFilter":
      return elementCount(node.inputs[1]!.shape) * macsPerResult(node.outputs[0]!.shape);
    case "matMul":
    case "batchMatMul": {
      const inner = node.inputs[0]!.shape.at(node.attributes.transposeA ? -2 : -1)!;
      return elementCount(node.outputs[0]!.shape) * inner;
    }
    default:
      return 0;
  }
}

/** Multiply-adds that one element of a convolution's result takes. */
function macsPerResult([height, width, inChannels]: readonly number[]): number {
  return height! * width! * inChannels!;
}
