import type { Graph } from "../../graph/graph.js";
import { elementCount } from "../../graph/shape.js";
import { checkFeeds } from "../check-feeds.js";
import type { Fetch, Session, SessionMemory } from "../executor.js";
import { largestFetch, sameFetch } from "../fetch.js";
import { OutOfMemoryError } from "../out-of-memory-error.js";
import { heapLimit, outOfMemory } from "./heap.js";
import type { Machine } from "./machine.js";
import { Program } from "./program.js";
import { runSteps } from "./run-steps.js";

interface Variable {
  readonly address: number;
  readonly length: number;
}

/** Variables resident on the heap, and one arena that all programs of the session use in turn. */
export class WasmSession implements Session {
  readonly #variables = new Map<string, Variable>();
  readonly #addresses = new Map<string, number>();
  readonly #programs = new Map<Graph, Program[]>();
  #arena = { address: 0, bytes: 0 };
  #held = 0;
  #peak = 0;
  #running = false;

  /** Throws an OutOfMemoryError before anything is allocated where the graphs do not fit. */
  constructor(
    private readonly machine: Machine,
    graphs: readonly Graph[],
  ) {
    const specs = new Map(graphs.flatMap(({ variables }) => variables.map((spec) => [spec.name, spec] as const)));
    const names = new Map([...specs.keys()].map((name) => [name, 0]));
    const arena = Math.max(0, ...graphs.map((graph) => new Program(graph, largestFetch(graph), machine, names).bytes));
    const weights = [...specs.values()].reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
    const available = heapLimit - machine.heap.allocated;
    if (weights + arena > available) {
      const purpose = `Training with ${specs.size} variables (weights and optimizer slots ${weights.toLocaleString("en-US")} bytes)`;
      throw new OutOfMemoryError(outOfMemory(purpose, weights + arena, available));
    }
    try {
      for (const { name, shape } of specs.values()) this.#create(name, elementCount(shape));
      this.#reserve(arena);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  async run(graph: Graph, fetch: Fetch, feeds: ReadonlyMap<string, Float32Array>): Promise<Float32Array[]> {
    if (this.#running) throw new Error("a session runs one graph at a time: await the run before");
    this.#running = true;
    try {
      const program = this.#program(graph, fetch);
      checkFeeds(program.placeholders, feeds);
      this.#reserve(program.bytes);
      program.bind(this.#arena.address);
      program.feed(feeds);
      await runSteps(this.machine.kernels, program.forward);
      const results = fetch.values.map((value) => program.read(value));
      await runSteps(this.machine.kernels, program.updates);
      return results;
    } finally {
      this.#running = false;
    }
  }

  async read(names: readonly string[]): Promise<Map<string, Float32Array>> {
    return new Map(
      names.map((name) => {
        const variable = this.#variables.get(name);
        if (variable === undefined) throw new TypeError(`there is no variable ${name}`);
        return [name, this.machine.heap.read(variable.address, variable.length)];
      }),
    );
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    for (const [name, data] of values) {
      const length = this.#variables.get(name)?.length ?? data.length;
      if (length !== data.length) {
        throw new TypeError(`variable ${name} has ${length} elements, not ${data.length}`);
      }
    }
    for (const [name, data] of values) {
      if (!this.#variables.has(name)) this.#create(name, data.length);
      this.machine.heap.write(this.#variables.get(name)!.address, data);
    }
  }

  memory(): SessionMemory {
    return { current: this.#held, peak: this.#peak };
  }

  dispose(): void {
    // A run yields between its steps; freed under it, they would go on over memory that is somebody else's by then.
    if (this.#running) throw new Error("a session is disposed of between its runs: await the run before");
    for (const program of [...this.#programs.values()].flat()) program.release();
    this.#programs.clear();
    for (const { address } of this.#variables.values()) this.machine.heap.free(address);
    this.#variables.clear();
    this.#addresses.clear();
    if (this.#arena.bytes > 0) this.machine.heap.free(this.#arena.address);
    this.#arena = { address: 0, bytes: 0 };
    this.#held = 0;
  }

  #program(graph: Graph, fetch: Fetch): Program {
    const known = this.#programs.get(graph) ?? [];
    const same = known.find((program) => sameFetch(program.fetch, fetch));
    if (same) return same;
    const program = new Program(graph, fetch, this.machine, this.#addresses);
    this.#programs.set(graph, [...known, program]);
    return program;
  }

  #create(name: string, length: number): void {
    const address = this.machine.heap.allocate(4 * length, `variable ${name}`);
    this.machine.heap.zero(address, length);
    this.#variables.set(name, { address, length });
    this.#addresses.set(name, address);
    this.#account(4 * length);
  }

  /** Makes the arena at least so large. What lay in it is lost. */
  #reserve(bytes: number): void {
    if (bytes <= this.#arena.bytes) return;
    if (this.#arena.bytes > 0) this.machine.heap.free(this.#arena.address);
    this.#account(-this.#arena.bytes);
    this.#arena = { address: 0, bytes: 0 };
    this.#arena = { address: this.machine.heap.allocate(bytes, "activations"), bytes };
    this.#account(bytes);
  }

  #account(bytes: number): void {
    this.#held += bytes;
    this.#peak = Math.max(this.#peak, this.#held);
  }
}
