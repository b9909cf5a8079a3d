import type { Graph, Value } from "../../graph/graph.js";
import { nodesNeeded, placeholdersOf } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { checkFeeds } from "../check-feeds.js";
import type { Executor, Fetch, Session } from "../executor.js";
import { requirePrecision } from "../precision.js";
import { evaluateNodes } from "./evaluate.js";

/** Plain loops, one thread, float64 inside and float32 variables: the judge of the other executors, for tiny graphs. */
export const referenceExecutor: Executor = {
  name: "reference",
  device: "plain loops, 1 thread",
  threads: 1,
  precisions: ["fp32"],
  openSession: async (graphs, { precision = "fp32" } = {}) => {
    requirePrecision(referenceExecutor, precision);
    return new ReferenceSession(graphs);
  },
};

class ReferenceSession implements Session {
  private readonly variables = new Map<string, Float32Array>();

  constructor(graphs: readonly Graph[]) {
    for (const variable of graphs.flatMap((graph) => graph.variables)) {
      this.variables.set(variable.name, new Float32Array(elementCount(variable.shape)));
    }
  }

  async run(graph: Graph, fetch: Fetch, feeds: ReadonlyMap<string, Float32Array>): Promise<Float32Array[]> {
    const nodes = nodesNeeded(graph, fetch);
    checkFeeds(placeholdersOf(nodes), feeds);
    const values = evaluateNodes(nodes, this.variables, feeds);
    return fetch.values.map((value: Value) => Float32Array.from(values.get(value)!));
  }

  async read(names: readonly string[]): Promise<Map<string, Float32Array>> {
    return new Map(names.map((name) => [name, this.variable(name).slice()]));
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    for (const [name, data] of values) {
      const known = this.variables.get(name);
      if (known && known.length !== data.length) {
        throw new TypeError(`variable ${name} has ${known.length} elements, not ${data.length}`);
      }
    }
    for (const [name, data] of values) this.variables.set(name, data.slice());
  }

  memory() {
    const current = [...this.variables.values()].reduce((sum, data) => sum + data.byteLength, 0);
    return { current, peak: current };
  }

  dispose(): void {
    this.variables.clear();
  }

  private variable(name: string): Float32Array {
    const data = this.variables.get(name);
    if (data === undefined) throw new TypeError(`there is no variable ${name}`);
    return data;
  }
}
