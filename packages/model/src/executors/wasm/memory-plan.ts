import type { GraphNode, Value } from "../../graph/graph.js";
import { isUpdate } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { isView, root } from "../../graph/view.js";
import type { Lowering } from "./lowering/lowering.js";

/** Memory of one or several values, or working memory of one node. */
interface Buffer {
  readonly bytes: number;
  readonly first: number;
  last: number;
  offset: number;
}

/** Where everything lies during a run. */
export interface MemoryPlan {
  /** Offsets within the arena; variables and constants are not there. */
  readonly values: ReadonlyMap<Value, number>;
  readonly temporaries: ReadonlyMap<GraphNode, number>;
  readonly bytes: number;
}

const alignment = 64;

/**
 * Decides before a run where everything lies: each value lives from its node to its last use, in the memory of an input that
 * dies there where the operation allows it. Fetched values live until the updates begin.
 */
export function planMemory(
  nodes: readonly GraphNode[],
  fetched: readonly Value[],
  lowerings: ReadonlyMap<GraphNode, Lowering>,
): MemoryPlan {
  const lastUse = lastUses(nodes, fetched);
  const buffers: Buffer[] = [];
  const owner = new Map<Value, Buffer>();
  const temporaries = new Map<GraphNode, Buffer>();
  const allocate = (bytes: number, first: number, last: number): Buffer => {
    const buffer = { bytes: Math.ceil(bytes / alignment) * alignment, first, last, offset: 0 };
    buffers.push(buffer);
    return buffer;
  };

  nodes.forEach((node, index) => {
    if (node.op === "variable" || node.op === "constant") return;
    const lowering = lowerings.get(node);
    node.outputs.forEach((value, output) => {
      const last = lastUse.get(root(value)) ?? index;
      const shared = isView(node) ? node.inputs[0]! : output === 0 && replaced(node, index, lowering);
      const buffer = shared && owner.get(shared);
      if (buffer) {
        buffer.last = Math.max(buffer.last, last);
        owner.set(value, buffer);
      } else if (!isView(node)) {
        // Placeholders are written before the first node runs.
        const first = node.op === "placeholder" ? 0 : index;
        owner.set(value, allocate(4 * elementCount(value.shape), first, last));
      }
    });
    if (lowering?.temporaryBytes) temporaries.set(node, allocate(lowering.temporaryBytes, index, index));
  });

  /** The input whose memory the node's first result takes over. */
  function replaced(node: GraphNode, index: number, lowering: Lowering | undefined): Value | undefined {
    const size = elementCount(node.outputs[0]!.shape);
    return (lowering?.inPlace ?? [])
      .map((input) => node.inputs[input]!)
      .find((input) => owner.get(input)?.last === index && elementCount(input.shape) === size);
  }

  const bytes = place(buffers);
  const offsets = <Key>(map: ReadonlyMap<Key, Buffer>) => new Map([...map].map(([key, { offset }]) => [key, offset]));
  return { values: offsets(owner), temporaries: offsets(temporaries), bytes };
}

/** The index of the last node that reads each value or a view of it. */
function lastUses(nodes: readonly GraphNode[], fetched: readonly Value[]): Map<Value, number> {
  const last = new Map<Value, number>();
  nodes.forEach((node, index) => {
    for (const input of node.inputs) last.set(root(input), index);
  });
  const updates = nodes.findIndex(isUpdate);
  const end = updates === -1 ? nodes.length : updates;
  for (const value of fetched) last.set(root(value), Math.max(last.get(root(value)) ?? 0, end));
  return last;
}

/**
 * Gives every buffer an offset, the largest first, each at the lowest place where no buffer lies that lives at the same time.
 * Returns the bytes that all of them take.
 */
function place(buffers: readonly Buffer[]): number {
  const placed: Buffer[] = [];
  let total = 0;
  for (const buffer of [...buffers].sort((a, b) => b.bytes - a.bytes)) {
    let offset = 0;
    for (const other of placed) {
      const together = other.first <= buffer.last && buffer.first <= other.last;
      if (!together || other.offset + other.bytes <= offset) continue;
      if (other.offset >= offset + buffer.bytes) break;
      offset = other.offset + other.bytes;
    }
    buffer.offset = offset;
    total = Math.max(total, offset + buffer.bytes);
    const position = placed.findIndex((other) => other.offset > offset);
    placed.splice(position === -1 ? placed.length : position, 0, buffer);
  }
  return total;
}
