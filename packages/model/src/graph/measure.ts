import type { Fetch } from "../executors/executor.js";
import type { Graph, GraphNode, Value } from "./graph.js";
import { lastUses } from "./liveness.js";
import { nodesNeeded } from "./prune.js";
import { elementCount } from "./shape.js";
import { isView, root } from "./view.js";

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

/**
 * Elements that the forward pass of a training graph must keep for its backward pass: results of forward nodes that gradient nodes
 * read, each once, a view counted as the value it shows. No weights, feeds or constants.
 */
export function activationElements(graph: Graph): number {
  const firstGradient = graph.nodes.findIndex((node) => node.op === "meanGrad");
  const forward = new Set(graph.nodes.slice(0, firstGradient));
  const kept = new Set<Value>();
  for (const node of graph.nodes.slice(firstGradient)) {
    for (const input of node.inputs) {
      const value = root(input);
      if (forward.has(value.node) && !["placeholder", "variable", "constant"].includes(value.node.op)) kept.add(value);
    }
  }
  return elementsOf(kept);
}

/**
 * The most elements that lie in memory at once when the nodes run in order and every value is released after its last reader. A view
 * counts as what it shows; weights and slots are not counted.
 */
export function peakElements(graph: Graph, fetch: Fetch): number {
  const nodes = nodesNeeded(graph, fetch);
  const released = lastUses(nodes, fetch.values);
  let held = 0;
  let peak = 0;
  nodes.forEach((node, index) => {
    if (node.op !== "variable" && !isView(node)) held += elementsOf(node.outputs);
    peak = Math.max(peak, held);
    held -= elementsOf(released[index]!.filter((value) => value.node.op !== "variable"));
  });
  return peak;
}

function elementsOf(values: Iterable<Value>): number {
  return [...values].reduce((sum, { shape }) => sum + elementCount(shape), 0);
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
