import type { GraphNode, Value } from "./graph.js";
import type { Block, GraphBuilder } from "./graph-builder.js";
import type { InferredOperation } from "./shape-inference.js";

/** Neighbouring forward nodes: those of one block, or those between two blocks. */
export interface Segment {
  readonly nodes: readonly GraphNode[];
  readonly block?: Block;
}

/** Cuts the forward nodes at the borders of the blocks. */
export function segmentsOf(forward: readonly GraphNode[], blocks: readonly Block[]): Segment[] {
  const segments: Segment[] = [];
  let position = 0;
  for (const block of blocks) {
    segments.push({ nodes: forward.slice(position, block.begin) });
    segments.push({ nodes: forward.slice(block.begin, block.end), block });
    position = block.end;
  }
  return [...segments, { nodes: forward.slice(position) }];
}

/** The nodes of a block once more. */
export interface BlockCopy {
  readonly nodes: readonly GraphNode[];
  /** What stands for each value of the block, its input included. */
  readonly values: ReadonlyMap<Value, Value>;
}

/**
 * Appends the nodes of a block again, to be computed when `after` is there: until then only the block's input has to be kept. Weights
 * are shared with the original, and its updates (running statistics) are not repeated.
 */
export function copyBlock(graph: GraphBuilder, nodes: readonly GraphNode[], block: Block, after: Value): BlockCopy {
  const begin = graph.nodes.length;
  const values = new Map([[block.input, graph.append("barrier", {}, [block.input, after])[0]!]]);
  for (const node of nodes) {
    if (node.op === "variable" || node.op === "constant" || node.op === "placeholder") continue;
    const inputs = node.inputs.map((input) => values.get(input) ?? input);
    const outputs = graph.append<InferredOperation>(node.op, node.attributes, inputs);
    node.outputs.forEach((output, index) => {
      values.set(output, outputs[index]!);
    });
  }
  return { nodes: graph.nodes.slice(begin), values };
}
