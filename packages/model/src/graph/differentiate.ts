import { type GradientRule, gradientRules } from "./gradient-rules.js";
import type { GraphNode, Value } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { OperationName } from "./operation.js";
import { copyBlock, type Segment, segmentsOf } from "./recompute.js";
import { formatShape } from "./shape.js";
import { type Contribution, joinContributions } from "./slice-gradients.js";

export interface DifferentiateOptions {
  /** Keep only the inputs of blocks for the backward pass and compute what is in them again there; the gradients are the same. */
  readonly recomputeBlocks?: boolean;
}

/**
 * Reverse-mode differentiation: appends to the graph the nodes that compute the gradient of a scalar with respect to `targets`.
 * A target that the scalar does not depend on is missing from the result. Only what lies between the targets and the scalar is
 * differentiated: frozen layers below the first trained one cost nothing.
 */
export function differentiate(
  graph: GraphBuilder,
  scalar: Value,
  targets: readonly Value[],
  { recomputeBlocks = false }: DifferentiateOptions = {},
): Map<Value, Value> {
  if (scalar.shape.length !== 0)
    throw new TypeError(`differentiate: the loss must be a scalar, not ${formatShape(scalar.shape)}`);
  const segments = segmentsOf([...graph.nodes], recomputeBlocks ? graph.blocks : []);
  const pass = new BackwardPass(graph, dependentValues(graph.nodes, targets));
  pass.contribute(scalar, { gradient: graph.scalar(1) });
  for (const { nodes, block } of segments.reverse()) {
    if (block === undefined) pass.throughNodes(nodes);
    else pass.throughBlock({ nodes, block });
  }

  const gradients = new Map<Value, Value>();
  for (const target of targets) {
    const gradient = pass.gradientOf(target);
    if (gradient !== undefined) gradients.set(target, gradient);
  }
  return gradients;
}

/** The gradients found so far, on the way from the scalar back to the targets. */
class BackwardPass {
  private readonly contributions = new Map<Value, Contribution[]>();

  /** @param dependent what a target reaches; grows by the copies of recomputed blocks */
  constructor(
    private readonly graph: GraphBuilder,
    private readonly dependent: Set<Value>,
  ) {}

  contribute(value: Value, part: Contribution): void {
    if (!this.dependent.has(value)) return;
    this.contributions.set(value, [...(this.contributions.get(value) ?? []), part]);
  }

  gradientOf(value: Value): Value | undefined {
    const parts = this.contributions.get(value);
    if (parts === undefined) return undefined;
    const gradient = joinContributions(this.graph, value.shape, parts);
    this.contributions.set(value, [{ gradient }]);
    return gradient;
  }

  throughNodes(nodes: readonly GraphNode[]): void {
    for (const node of [...nodes].reverse()) this.throughNode(node);
  }

  /** Goes through a copy of the block that is computed only when its gradient is known. */
  throughBlock({ nodes, block }: Required<Segment>): void {
    const dy = this.gradientOf(block.output);
    if (dy === undefined) return;
    const copy = copyBlock(this.graph, nodes, block, dy);
    for (const [original, value] of copy.values) {
      if (this.dependent.has(original)) this.dependent.add(value);
      const isInner = original !== block.input && original !== block.output;
      if (isInner && this.contributions.has(original)) {
        throw new TypeError(`differentiate: a value of ${original.node.op} is used outside of its block`);
      }
    }
    this.contribute(copy.values.get(block.output)!, { gradient: dy });
    this.throughNodes(copy.nodes);
    const dx = this.gradientOf(copy.values.get(block.input)!);
    if (dx !== undefined) this.contribute(block.input, { gradient: dx });
  }

  private throughNode(node: GraphNode): void {
    const [y, ...further] = node.outputs;
    if (y === undefined || !this.dependent.has(y)) return;
    if (further.some((output) => this.contributions.has(output))) {
      throw new TypeError(`differentiate: only the first result of ${node.op} can be differentiated`);
    }
    const dy = this.gradientOf(y);
    if (dy === undefined) return;
    if (node.op === "slice") {
      this.contribute(node.inputs[0]!, { gradient: dy, begin: node.attributes.begin });
      return;
    }
    // The gradient of a barrier goes on to the block's input by throughBlock.
    if (node.op === "variable" || node.op === "placeholder" || node.op === "barrier") return;
    const wanted = node.inputs.map((input) => this.dependent.has(input));
    const inputGradients = ruleFor(node)(this.graph, node, { dy, wanted });
    node.inputs.forEach((input, index) => {
      const gradient = inputGradients[index];
      if (gradient !== undefined) this.contribute(input, { gradient });
    });
  }
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
