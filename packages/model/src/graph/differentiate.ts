import { type GradientRule, gradientRules } from "./gradient-rules.js";
import type { GraphNode, Value } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { OperationName } from "./operation.js";
import { formatShape } from "./shape.js";
import { type Contribution, joinContributions } from "./slice-gradients.js";

/**
 * Reverse-mode differentiation: appends to the graph the nodes that compute the gradient of a scalar with respect to `targets`.
 * A target that the scalar does not depend on is missing from the result. Only what lies between the targets and the scalar is
 * differentiated: frozen layers below the first trained one cost nothing.
 */
export function differentiate(graph: GraphBuilder, scalar: Value, targets: readonly Value[]): Map<Value, Value> {
  if (scalar.shape.length !== 0)
    throw new TypeError(`differentiate: the loss must be a scalar, not ${formatShape(scalar.shape)}`);
  const forward = [...graph.nodes];
  const dependent = dependentValues(forward, targets);
  const contributions = new Map<Value, Contribution[]>([[scalar, [{ gradient: graph.scalar(1) }]]]);
  const gradients = new Map<Value, Value>();

  const gradientOf = (value: Value): Value | undefined => {
    const parts = contributions.get(value);
    if (parts === undefined) return undefined;
    const gradient = joinContributions(graph, value.shape, parts);
    contributions.set(value, [{ gradient }]);
    return gradient;
  };
  const contribute = (value: Value, part: Contribution): void => {
    if (dependent.has(value)) contributions.set(value, [...(contributions.get(value) ?? []), part]);
  };

  for (const node of forward.reverse()) {
    const [y, ...further] = node.outputs;
    if (y === undefined || !dependent.has(y)) continue;
    if (further.some((output) => contributions.has(output))) {
      throw new TypeError(`differentiate: only the first result of ${node.op} can be differentiated`);
    }
    const dy = gradientOf(y);
    if (dy === undefined) continue;
    if (node.op === "slice") {
      contribute(node.inputs[0]!, { gradient: dy, begin: node.attributes.begin });
      continue;
    }
    if (node.op === "variable" || node.op === "placeholder") continue;
    const wanted = node.inputs.map((input) => dependent.has(input));
    const inputGradients = ruleFor(node)(graph, node, { dy, wanted });
    node.inputs.forEach((input, index) => {
      const gradient = inputGradients[index];
      if (gradient !== undefined) contribute(input, { gradient });
    });
  }

  for (const target of targets) {
    const gradient = gradientOf(target);
    if (gradient !== undefined) gradients.set(target, gradient);
  }
  return gradients;
}

/** Everything that a target reaches; gradients elsewhere would be thrown away. */
function dependentValues(nodes: readonly GraphNode[], targets: readonly Value[]): Set<Value> {
  const dependent = new Set(targets);
  for (const node of nodes) {
    if (node.inputs.some((input) => dependent.has(input))) for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
}

function ruleFor(node: GraphNode): GradientRule<OperationName> {
  const rule = gradientRules[node.op];
  if (rule === undefined) throw new TypeError(`differentiate: ${node.op} has no gradient rule`);
  return rule as GradientRule<OperationName>;
}
