import type { Graph } from "../graph/graph.js";
import type { Fetch } from "./executor.js";

/** The fetch that needs the most memory in practice: all updates where there are any, else every result that nothing reads. */
export function largestFetch(graph: Graph): Fetch {
  if (graph.nodes.some(({ outputs }) => outputs.length === 0)) return { values: [], applyUpdates: true };
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const values = graph.nodes.flatMap(({ outputs }) => outputs.filter((value) => !read.has(value)));
  return { values, applyUpdates: false };
}

/** Whether two fetches of one graph compute the same. */
export function sameFetch(a: Fetch, b: Fetch): boolean {
  const { length } = a.values;
  if (a.applyUpdates !== b.applyUpdates || length !== b.values.length) return false;
  return a.values.every((value, index) => value === b.values[index]);
}
