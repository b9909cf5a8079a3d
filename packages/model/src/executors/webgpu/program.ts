import type { Graph, GraphNode, Value } from "../../graph/graph.js";
import { isUpdate, nodesNeeded, placeholdersOf } from "../../graph/prune.js";
import { elementCount } from "../../graph/shape.js";
import { root } from "../../graph/view.js";
import type { Fetch } from "../executor.js";
import { type BufferPlan, planBuffers } from "./buffer-plan.js";
import type { BufferPool } from "./buffer-pool.js";
import type { Gpu } from "./gpu.js";
import type { Binding, Kernel, Lowering } from "./lowering/lowering.js";
import { lower } from "./lowering/rules.js";
import { roundUp } from "./lowering/shader.js";
import { type Dispatch, dispatchOf } from "./submission.js";

/** A buffer and how many floats of it are meant, which may be fewer than fit. */
export interface Floats {
  readonly buffer: GPUBuffer;
  readonly length: number;
}

/** Where a program finds what is not its own. */
export interface Surroundings {
  readonly pool: BufferPool;
  readonly variable: (name: string) => Floats;
}

/** One fetch of one graph, ready to run: which kernels, and on which buffers. */
export class Program {
  readonly placeholders: ReadonlyMap<string, Value>;
  forward: readonly Dispatch[] = [];
  updates: readonly Dispatch[] = [];
  readonly #nodes: readonly GraphNode[];
  readonly #lowerings: ReadonlyMap<GraphNode, Lowering>;
  readonly #plan: BufferPlan;
  readonly #constants = new Map<Value, GPUBuffer>();
  #generation = -1;

  constructor(
    private readonly gpu: Gpu,
    graph: Graph,
    readonly fetch: Fetch,
    private readonly surroundings: Surroundings,
  ) {
    this.#nodes = nodesNeeded(graph, fetch);
    this.placeholders = placeholdersOf(this.#nodes);
    this.#lowerings = new Map(
      this.#nodes.flatMap((node) => {
        const lowering = lower(node);
        return lowering ? [[node, lowering] as const] : [];
      }),
    );
    this.#plan = planBuffers(this.#nodes, fetch.values, this.#lowerings, gpu.largestBinding);
  }

  /** Bytes of the buffers that the program needs of the pool, the largest first. */
  get sizes(): readonly number[] {
    return this.#plan.sizes;
  }

  /** Compiles the kernels and binds them to the buffers of the pool, which must be large enough; again if these were replaced. */
  async prepare(): Promise<void> {
    const { generation } = this.surroundings.pool;
    if (this.#generation === generation) return;
    const dispatches = (nodes: readonly GraphNode[]) =>
      Promise.all(
        nodes.flatMap((node) => this.#lowerings.get(node)?.kernels.map((kernel) => this.#bind(node, kernel)) ?? []),
      );
    [this.forward, this.updates] = await Promise.all([
      dispatches(this.#nodes.filter((node) => !isUpdate(node))),
      dispatches(this.#nodes.filter(isUpdate)),
    ]);
    this.#generation = generation;
  }

  /** Where a value lies: for the feeds before a run, for the fetched ones after its forward part. */
  floatsOf(value: Value): Floats {
    const source = root(value);
    const { node } = source;
    if (node.op === "variable") return this.surroundings.variable(node.attributes.name);
    const length = elementCount(value.shape);
    if (node.op === "constant") return { buffer: this.#constant(source, node.attributes.data), length };
    const place = this.#plan.values.get(source);
    if (place === undefined) throw new Error(`a result of ${node.op} has no place in the plan of buffers`);
    return { buffer: this.surroundings.pool.buffer(place), length };
  }

  /** Frees what belongs to the program alone. */
  release(): void {
    for (const buffer of this.#constants.values()) buffer.destroy();
    this.#constants.clear();
    this.#generation = -1;
  }

  async #bind(node: GraphNode, kernel: Kernel): Promise<Dispatch> {
    const layout = this.gpu.layout(kernel.bindings);
    const entries = kernel.bindings.map((binding, place) => ({
      binding: place,
      resource: this.#resource(node, binding),
    }));
    const group = this.gpu.device.createBindGroup({ layout, entries });
    return dispatchOf(kernel, await this.gpu.pipeline(kernel.code, kernel.bindings), group);
  }

  #resource(node: GraphNode, { memory, element }: Binding): GPUBufferBinding {
    const unit = element === "vec4f" ? 16 : 4;
    if ("temporary" in memory) {
      const buffer = this.surroundings.pool.buffer(this.#plan.temporaries.get(node)!);
      const { offset, floats } = memory.temporary;
      return { buffer, offset: 4 * offset, size: roundUp(4 * floats, unit) };
    }
    const { buffer, length } =
      "variable" in memory
        ? this.surroundings.variable(memory.variable)
        : this.floatsOf("input" in memory ? node.inputs[memory.input]! : node.outputs[memory.output]!);
    return { buffer, size: roundUp(4 * length, unit) };
  }

  #constant(value: Value, data: Float32Array): GPUBuffer {
    const known = this.#constants.get(value);
    if (known) return known;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.gpu.device.createBuffer({ size: roundUp(data.byteLength, 16), usage });
    this.gpu.device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
    this.#constants.set(value, buffer);
    return buffer;
  }
}
