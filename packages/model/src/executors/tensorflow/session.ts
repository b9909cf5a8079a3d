import type { Graph } from "../../graph/graph.js";
import { nodesNeeded, placeholdersOf } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { checkFeeds } from "../check-feeds.js";
import type { Fetch, Session, SessionMemory } from "../executor.js";
import type { Precision } from "../precision.js";
import { Bfloat16Products } from "./bfloat16-products.js";
import type { CApi } from "./c-api.js";
import { encodeSessionConfig, GraphDefBuilder, type Ref, type SessionConfig } from "./graph-def.js";
import { NativeSession } from "./native-session.js";
import { compileProgram, type Program } from "./program.js";
import type { VariableAccess } from "./variable-nodes.js";

/** Bytes moved by one call that reads or writes variables: the copies of a ViT-L with its slots would take 4 GB at once. */
const transferBytes = 256 * 2 ** 20;

/** Our graphs in one TensorFlow session, the variables in its resource manager. */
export class TensorFlowSession implements Session {
  private readonly startRss = process.memoryUsage.rss();
  private peak = 0;

  private constructor(
    private readonly native: NativeSession,
    private readonly program: Program,
    private readonly chooseTf32: () => void,
  ) {}

  static async open(
    api: CApi,
    graphs: readonly Graph[],
    precision: Precision,
    config: SessionConfig,
  ): Promise<TensorFlowSession> {
    const program = compileProgram(graphs, precision === "bf16" ? new Bfloat16Products() : new GraphDefBuilder());
    const native = new NativeSession(api, program.definition, encodeSessionConfig(config));
    const session = new TensorFlowSession(native, program, () => api.allowTf32?.(precision === "tf32"));
    await native.run(
      [],
      [],
      [...program.variables.values()].map(({ clear }) => clear),
    );
    return session;
  }

  async run(graph: Graph, fetch: Fetch, feeds: ReadonlyMap<string, Float32Array>): Promise<Float32Array[]> {
    const updates = this.program.updates.get(graph);
    if (updates === undefined) throw new TypeError("this session was opened without the graph");
    const placeholders = placeholdersOf(nodesNeeded(graph, fetch));
    checkFeeds(placeholders, feeds);
    const inputs = [...placeholders].map(([name, value]) => ({
      ref: this.program.refs.get(value)!,
      shape: value.shape,
      data: feeds.get(name)!,
    }));
    const fetched = fetch.values.map((value) => this.program.refs.get(value)!);
    this.chooseTf32();
    const results = await this.native.run(inputs, fetched, fetch.applyUpdates ? updates : []);
    this.memory();
    return results;
  }

  async read(names: readonly string[]): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const group of inGroups(names.map((name) => [name, this.access(name)] as const))) {
      const contents = await this.native.run(
        [],
        group.map(([, { get }]) => get),
        [],
      );
      group.forEach(([name], index) => {
        values.set(name, contents[index]!);
      });
    }
    return values;
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    const accesses = [...values.keys()].map((name) => [name, this.access(name)] as const);
    for (const [name, { shape }] of accesses) {
      const { length } = values.get(name)!;
      if (length !== elementCount(shape)) {
        throw new TypeError(`variable ${name} has ${elementCount(shape)} elements, not ${length}`);
      }
    }
    for (const group of inGroups(accesses)) {
      const inputs = group.map(([name, { set, shape }]) => ({ ref: set, shape, data: values.get(name)! }));
      await this.native.run(
        inputs,
        [],
        group.map(([, { assign }]) => assign),
      );
    }
  }

  /** TensorFlow tells nothing of its allocator: this is what the process has grown by since the session was opened. */
  memory(): SessionMemory {
    const current = Math.max(this.variableBytes(), process.memoryUsage.rss() - this.startRss);
    this.peak = Math.max(this.peak, current);
    return { current, peak: this.peak };
  }

  dispose(): void {
    this.native.close();
  }

  private access(name: string): VariableAccess {
    const access = this.program.variables.get(name);
    if (access === undefined) throw new TypeError(`there is no variable ${name}`);
    return access;
  }

  private variableBytes(): number {
    return [...this.program.variables.values()].reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
  }
}

/** Consecutive entries that together stay below the transfer limit, or one larger entry. */
function inGroups<Entry extends readonly [string, { readonly shape: readonly number[]; readonly get: Ref }]>(
  entries: readonly Entry[],
): Entry[][] {
  const groups: Entry[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const entryBytes = 4 * elementCount(entry[1].shape);
    if (bytes + entryBytes > transferBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(entry);
    bytes += entryBytes;
  }
  return groups;
}
