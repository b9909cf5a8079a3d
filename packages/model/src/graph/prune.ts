import type { Fetch } from "../executors/executor.js";
import type { Graph, GraphNode, UpdateNode, Value } from "./graph.js";

/** The nodes that a fetch needs, in the graph's order; updates (nodes without results) last and only if they are applied. */
export function nodesNeeded(graph: Graph, fetch: Fetch): GraphNode[] {
  const needed = new Set<GraphNode>();
  const open: GraphNode[] = fetch.values.map((value) => value.node);
  if (fetch.applyUpdates) open.push(...graph.nodes.filter(isUpdate));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    for (const input of node.inputs) open.push(input.node);
  }
  return graph.nodes.filter((node) => needed.has(node));
}

export function isUpdate(node: GraphNode): node is UpdateNode {
  return node.outputs.length === 0;
}

/** The placeholders among `nodes`, by name: what has to be fed. */
export function placeholdersOf(nodes: readonly GraphNode[]): Map<string, Value> {
  return new Map(
    nodes.flatMap((node) => (node.op === "placeholder" ? [[node.attributes.name, node.outputs[0]!]] : [])),
  );
}
