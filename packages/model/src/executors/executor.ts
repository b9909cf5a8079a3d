import type { Graph, Value } from "../graph/graph.js";
import type { Precision } from "./precision.js";

/** What is computed in one run: the values wanted back, and whether the graph's updates (weights, running statistics) are applied. */
export interface Fetch {
  readonly values: readonly Value[];
  readonly applyUpdates: boolean;
}

/** How many bytes a session holds: `current` now, `peak` the most so far. */
export interface SessionMemory {
  readonly current: number;
  readonly peak: number;
}

/** Several graphs over one set of variables (by name), living where the executor keeps them. Not re-entrant: one run at a time. */
export interface Session {
  /**
   * Runs `graph` once. `feeds` has an array for every placeholder that the fetched values need, by its name.
   * Checks dtype, shape and byte length of every feed before anything runs, and throws a TypeError that names the placeholder.
   */
  run(graph: Graph, fetch: Fetch, feeds: ReadonlyMap<string, Float32Array>): Promise<Float32Array[]>;
  /** Copies of the named variables, slots included. Throws for an unknown name. */
  read(names: readonly string[]): Promise<Map<string, Float32Array>>;
  /** Sets variables; creates those that do not exist yet. Length must equal the shape's size. */
  write(values: ReadonlyMap<string, Float32Array>): Promise<void>;
  memory(): SessionMemory;
  dispose(): void;
}

interface SessionOptions {
  /** `fp32` unless said. */
  readonly precision?: Precision;
}

/** A way to run graphs. Everything that says how fast it is was measured on this machine. */
export interface Executor {
  /** `tensorflow`, `webgpu`, `wasm-blas`, `wasm` or `reference` (plain loops, for tests). */
  readonly name: string;
  /** For people: "OpenBLAS 0.3.21, 2 threads", "TensorFlow 2.21.0 on NVIDIA H100". */
  readonly device: string;
  readonly threads: number;
  /** What `openSession` accepts, `fp32` first. */
  readonly precisions: readonly Precision[];
  /**
   * Variables are declared by the graphs; slots start at zero. Throws an Error with the reason for a precision that is not among
   * `precisions`, and an OutOfMemoryError where the graphs do not fit.
   */
  openSession(graphs: readonly Graph[], options?: SessionOptions): Promise<Session>;
}
