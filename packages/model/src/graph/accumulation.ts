import type { Value, VariableSpec } from "./graph.js";
import type { GraphBuilder } from "./graph-builder.js";

type Gradients = readonly (readonly [VariableSpec, Value])[];

/** Declares the slots and appends the updates that add the gradients of a micro-batch to them. */
export function appendAccumulation(graph: GraphBuilder, gradients: Gradients): void {
  for (const [variable, gradient] of gradients) {
    declareSlot(graph, variable);
    graph.append("accumulate", { name: variable.name }, [gradient]);
  }
}

/** The mean gradients of a step of `microBatches`, the last of which is in `gradients` and the others in the slots, which are cleared. */
export function takeAccumulated(graph: GraphBuilder, gradients: Gradients, microBatches: number): Gradients {
  return gradients.map(([variable, gradient]) => {
    const earlier = graph.variable(declareSlot(graph, variable));
    graph.append("clearAccumulated", { name: variable.name }, [earlier]);
    return [variable, graph.scale(graph.add(gradient, earlier), 1 / microBatches)];
  });
}

function declareSlot(graph: GraphBuilder, { name, shape }: VariableSpec): VariableSpec {
  const slot: VariableSpec = { name: `accumulated/${name}`, shape, kind: "slot", trainable: false };
  graph.declare(slot);
  return slot;
}
