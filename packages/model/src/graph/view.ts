import type { GraphNode, Value } from "./graph.js";

/** Whether a node's result is its first input in another shape or at another time, and needs no memory of its own. */
export function isView(node: GraphNode): boolean {
  return node.op === "reshape" || node.op === "barrier";
}

/** The value whose elements `value` shows: through any views, their source. */
export function root(value: Value): Value {
  return isView(value.node) ? root(value.node.inputs[0]!) : value;
}
