import type { Graph, GraphNode, UpdateNode, Value } from "../../graph/graph.js";
import type { OperationName, UpdateOperation } from "../../graph/operation.js";
import { isUpdate } from "../../graph/prune.js";
import { GraphDefBuilder, type Ref } from "./graph-def.js";
import * as elementwise from "./lower-elementwise.js";
import * as layout from "./lower-layout.js";
import * as normalization from "./lower-normalization.js";
import { lowerUpdate } from "./lower-updates.js";
import * as windows from "./lower-windows.js";
import type { Lowering } from "./lowering.js";
import { type VariableAccess, VariableNodes } from "./variable-nodes.js";

/** Several of our graphs as one TensorFlow graph over shared variables. */
export interface Program {
  readonly definition: Uint8Array;
  readonly variables: ReadonlyMap<string, VariableAccess>;
  /** Where each value is found. */
  readonly refs: ReadonlyMap<Value, Ref>;
  /** For each graph, the operations that apply all its updates. */
  readonly updates: ReadonlyMap<Graph, readonly Ref[]>;
}

type SessionOperation = "placeholder" | "variable" | "constant" | UpdateOperation;

/** Of every operation that is the same in a session and in a file. */
export const lowerings: { readonly [Name in Exclude<OperationName, SessionOperation>]: Lowering<Name> } = {
  ...windows,
  ...normalization,
  ...elementwise,
  ...layout,
};

/** Lowers every operation of the graphs to TensorFlow's. */
export function compileProgram(graphs: readonly Graph[], definition = new GraphDefBuilder()): Program {
  const variables = new VariableNodes(definition);
  for (const variable of graphs.flatMap((graph) => graph.variables)) variables.declare(variable);

  const refs = new Map<Value, Ref>();
  const updates = new Map<Graph, readonly Ref[]>();
  for (const graph of graphs) {
    variables.beginGraph();
    const graphUpdates: Ref[] = [];
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((input) => refs.get(input)!);
      if (isUpdate(node)) {
        graphUpdates.push(lowerUpdate(definition, node, inputs, variables));
        continue;
      }
      const results = lower(definition, node, inputs, variables);
      node.outputs.forEach((output, index) => {
        refs.set(output, results[index]!);
      });
    }
    updates.set(graph, graphUpdates);
  }
  return { definition: definition.encode(), variables: variables.all, refs, updates };
}

function lower(
  definition: GraphDefBuilder,
  node: Exclude<GraphNode, UpdateNode>,
  inputs: readonly Ref[],
  variables: VariableNodes,
): readonly Ref[] {
  const { shape } = node.outputs[0]!;
  switch (node.op) {
    case "placeholder": {
      const attributes = { dtype: { type: "float32" }, shape: { shape } } as const;
      return [definition.add("Placeholder", [], attributes, { name: `feed/${node.attributes.name}` })];
    }
    case "variable":
      return [variables.read(node.attributes.name)];
    case "constant":
      return [definition.floats(node.attributes.data, shape)];
    default:
      return (lowerings[node.op] as Lowering<OperationName>)(definition, node as never, inputs);
  }
}
