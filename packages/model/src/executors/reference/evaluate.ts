import type { GraphNode, Value } from "../../graph/graph.js";
import type { OperationName } from "../../graph/operation.js";
import { isUpdate } from "../../graph/prune.js";
import { kernels } from "./kernels.js";
import type { Kernel, Tensor } from "./tensor.js";
import { applyUpdate, type Variables } from "./updates.js";

/** Runs nodes one after the other in float64. Returns every value computed; updates change `variables`. */
export function evaluateNodes(
  nodes: readonly GraphNode[],
  variables: Variables,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
): Map<Value, Float64Array> {
  const values = new Map<Value, Float64Array>();
  for (const node of nodes) {
    const inputs = node.inputs.map((input): Tensor => ({ shape: input.shape, data: values.get(input)! }));
    const results = resultsOf(node, inputs, variables, feeds);
    node.outputs.forEach((output, index) => {
      values.set(output, results[index]!);
    });
  }
  return values;
}

function resultsOf(
  node: GraphNode,
  inputs: readonly Tensor[],
  variables: Variables,
  feeds: ReadonlyMap<string, ArrayLike<number>>,
): readonly Float64Array[] {
  if (isUpdate(node)) {
    applyUpdate(node, inputs, variables);
    return [];
  }
  switch (node.op) {
    case "placeholder":
      return [Float64Array.from(feeds.get(node.attributes.name)!)];
    case "variable":
      return [Float64Array.from(variables.get(node.attributes.name)!)];
    case "constant":
      return [Float64Array.from(node.attributes.data)];
    default: {
      const shapes = node.outputs.map((output) => output.shape);
      return (kernels[node.op] as Kernel<OperationName>)(node.attributes, inputs, shapes);
    }
  }
}
