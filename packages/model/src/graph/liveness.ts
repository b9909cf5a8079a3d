import type { GraphNode, Value } from "./graph.js";
import { root } from "./view.js";

/**
 * For each of `nodes`, the values that no later node reads: an executor may release them once that node has run. Views are never
 * listed; what they show is, after the last reader of any of them. Values in `kept` (the fetched ones) are never listed. A result that
 * nobody reads is listed at its own node.
 */
export function lastUses(nodes: readonly GraphNode[], kept: readonly Value[]): Value[][] {
  const seen = new Set(kept.map(root));
  const released: Value[][] = nodes.map(() => []);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!;
    for (const value of [...node.inputs, ...node.outputs].map(root)) {
      if (seen.has(value)) continue;
      seen.add(value);
      released[index]!.push(value);
    }
  }
  return released;
}
