import type { GraphNode, Value } from "../../graph/graph.js";
import { lastUses } from "../../graph/liveness.js";
import { elementCount, formatShape } from "../../graph/shape.js";
import { isView } from "../../graph/view.js";
import type { Lowering } from "./lowering/lowering.js";

/** Which buffer each value and each node's working memory uses, by number. */
export interface BufferPlan {
  /** Roots only: a view is read where its source lies. */
  readonly values: ReadonlyMap<Value, number>;
  readonly temporaries: ReadonlyMap<GraphNode, number>;
  /** Bytes of the buffers, the largest first. */
  readonly sizes: readonly number[];
}

interface Tenant {
  readonly bytes: number;
  readonly first: number;
  last: number;
  readonly what: string;
  buffer: number;
}

/** The last four of a value may reach beyond it. */
const alignment = 16;

/**
 * Shares buffers among values that do not live at the same time: the largest first, each in the smallest buffer that is free then.
 * Whole buffers, not places in one: WebGPU does not let a kernel read and write one buffer, and bounds the size of each.
 * Throws an Error that names the value which is larger than `largest` bytes.
 */
export function planBuffers(
  nodes: readonly GraphNode[],
  fetched: readonly Value[],
  lowerings: ReadonlyMap<GraphNode, Lowering>,
  largest: number,
): BufferPlan {
  const values = new Map<Value, Tenant>();
  const temporaries = new Map<GraphNode, Tenant>();
  const tenant = (floats: number, first: number, what: string): Tenant => {
    const bytes = Math.ceil((4 * floats) / alignment) * alignment;
    if (bytes > largest) throw new Error(tooLarge(what, bytes, largest));
    return { bytes, first, last: nodes.length, what, buffer: -1 };
  };
  const released = lastUses(nodes, fetched);
  nodes.forEach((node, index) => {
    if (!isView(node) && node.op !== "variable" && node.op !== "constant") {
      // Placeholders are written before the first node runs.
      const first = node.op === "placeholder" ? 0 : index;
      for (const value of node.outputs) {
        values.set(
          value,
          tenant(elementCount(value.shape), first, `the result ${formatShape(value.shape)} of ${node.op}`),
        );
      }
    }
    const floats = lowerings.get(node)?.temporaryFloats;
    if (floats) {
      const working = tenant(floats, index, `the working memory of ${node.op}`);
      working.last = index;
      temporaries.set(node, working);
    }
    for (const value of released[index]!) {
      const gone = values.get(value);
      if (gone) gone.last = index;
    }
  });
  const sizes = share([...values.values(), ...temporaries.values()]);
  const numbers = <Key>(map: ReadonlyMap<Key, Tenant>) => new Map([...map].map(([key, { buffer }]) => [key, buffer]));
  return { values: numbers(values), temporaries: numbers(temporaries), sizes };
}

/** Sets every tenant's buffer; returns the sizes of the buffers. */
function share(tenants: readonly Tenant[]): number[] {
  const sizes: number[] = [];
  const housed: Tenant[][] = [];
  for (const tenant of [...tenants].sort((a, b) => b.bytes - a.bytes)) {
    const isFree = (others: readonly Tenant[]) =>
      others.every((other) => other.last < tenant.first || tenant.last < other.first);
    const free = housed.findLastIndex(isFree);
    tenant.buffer = free === -1 ? sizes.length : free;
    if (free === -1) {
      sizes.push(tenant.bytes);
      housed.push([tenant]);
    } else housed[free]!.push(tenant);
  }
  return sizes;
}

function tooLarge(what: string, bytes: number, largest: number): string {
  return (
    `${what} takes ${bytes.toLocaleString("en-US")} bytes; the GPU uses at most ${largest.toLocaleString("en-US")} at once. ` +
    "Use a smaller batch or a smaller image, or another executor."
  );
}
