import type { Graph, GraphNode, Value } from "../../graph/graph.js";
import { isUpdate, nodesNeeded, placeholdersOf } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { root } from "../../graph/view.js";
import type { Fetch } from "../executor.js";
import type { Lowering, Step } from "./lowering/lowering.js";
import { lower } from "./lowering/rules.js";
import type { Machine } from "./machine.js";
import { type MemoryPlan, planMemory } from "./memory-plan.js";

/** One fetch of one graph, ready to run: what is computed, and where in the arena. */
export class Program {
  readonly placeholders: ReadonlyMap<string, Value>;
  readonly #nodes: readonly GraphNode[];
  readonly #lowerings: ReadonlyMap<GraphNode, Lowering>;
  readonly #plan: MemoryPlan;
  readonly #kept: number[] = [];
  readonly #constants = new Map<Value, number>();
  #arena: number | undefined;
  #addresses = new Map<Value, number>();
  #forward: readonly Step[] = [];
  #updates: readonly Step[] = [];

  constructor(
    graph: Graph,
    readonly fetch: Fetch,
    private readonly machine: Machine,
    private readonly variables: ReadonlyMap<string, number>,
  ) {
    this.#nodes = nodesNeeded(graph, fetch);
    this.placeholders = placeholdersOf(this.#nodes);
    const target = { threads: machine.kernels.threads, blas: machine.blas };
    this.#lowerings = new Map(
      this.#nodes.flatMap((node) => {
        const lowering = lower(node, target);
        return lowering ? [[node, lowering] as const] : [];
      }),
    );
    this.#plan = planMemory(this.#nodes, fetch.values, this.#lowerings);
  }

  /** Bytes of the arena that the program needs. */
  get bytes(): number {
    return this.#plan.bytes;
  }

  /** Fixes all addresses for an arena that starts at `arena`. */
  bind(arena: number): void {
    if (this.#arena === arena) return;
    this.release();
    this.#arena = arena;
    this.#addresses = this.#resolve(arena);
    const bindAll = (nodes: readonly GraphNode[]) => nodes.flatMap((node) => this.#bindNode(node, arena));
    this.#forward = bindAll(this.#nodes.filter((node) => !isUpdate(node)));
    this.#updates = bindAll(this.#nodes.filter(isUpdate));
  }

  /** Steps up to the fetched values. */
  get forward(): readonly Step[] {
    return this.#forward;
  }

  /** Steps that change variables, after everything else. */
  get updates(): readonly Step[] {
    return this.#updates;
  }

  feed(feeds: ReadonlyMap<string, Float32Array>): void {
    for (const [name, value] of this.placeholders) this.machine.heap.write(this.#address(value), feeds.get(name)!);
  }

  read(value: Value): Float32Array {
    return this.machine.heap.read(this.#address(value), elementCount(value.shape));
  }

  /** Frees descriptors and constants. The program can be bound again. */
  release(): void {
    for (const address of this.#kept.splice(0)) this.machine.heap.free(address);
    this.#constants.clear();
    this.#arena = undefined;
  }

  #resolve(arena: number): Map<Value, number> {
    const addresses = new Map<Value, number>();
    for (const node of this.#nodes) {
      for (const value of node.outputs) {
        const source = root(value);
        const offset = this.#plan.values.get(value);
        addresses.set(value, offset === undefined ? this.#outside(source.node) : arena + offset);
      }
    }
    return addresses;
  }

  #bindNode(node: GraphNode, arena: number): readonly Step[] {
    const lowering = this.#lowerings.get(node);
    if (lowering === undefined) return [];
    const place = {
      inputs: node.inputs.map((value) => this.#address(value)),
      outputs: node.outputs.map((value) => this.#address(value)),
      temporary: arena + (this.#plan.temporaries.get(node) ?? 0),
      variable: (name: string) => this.#variable(name),
      keep: (bytes: number) => this.#keep(bytes),
    };
    return lowering.bind(place, this.machine);
  }

  /** The address of a value that is not part of the arena. */
  #outside(node: GraphNode): number {
    if (node.op === "variable") return this.#variable(node.attributes.name);
    if (node.op !== "constant") throw new Error(`${node.op} has no place in the memory plan`);
    const value = node.outputs[0]!;
    const known = this.#constants.get(value);
    if (known !== undefined) return known;
    const address = this.#keep(node.attributes.data.byteLength);
    this.machine.heap.write(address, node.attributes.data);
    this.#constants.set(value, address);
    return address;
  }

  #keep(bytes: number): number {
    const address = this.machine.heap.allocate(bytes, "a descriptor or constant of a graph");
    this.#kept.push(address);
    return address;
  }

  #address(value: Value): number {
    const address = this.#addresses.get(value);
    if (address === undefined) throw new Error(`a value of ${value.node.op} has no address: the program is not bound`);
    return address;
  }

  #variable(name: string): number {
    const address = this.variables.get(name);
    if (address === undefined) throw new TypeError(`there is no variable ${name}`);
    return address;
  }
}
