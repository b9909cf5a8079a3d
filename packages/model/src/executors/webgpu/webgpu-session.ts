import type { Graph } from "../../graph/graph.js";
import { elementCount } from "../../graph/shape.js";
import { checkFeeds } from "../check-feeds.js";
import type { Fetch, Session, SessionMemory } from "../executor.js";
import { largestFetch, sameFetch } from "../fetch.js";
import { BufferPool } from "./buffer-pool.js";
import { Download } from "./download.js";
import type { Gpu } from "./gpu.js";
import { roundUp } from "./lowering/shader.js";
import { type Floats, Program } from "./program.js";
import { Submission } from "./submission.js";

/** Bytes that reading variables holds twice: a ViT-L with its slots has 4 GB of them. */
const transferBytes = 256 * 2 ** 20;

/** Variables resident on the GPU, and one set of buffers that all programs of the session use in turn. */
export class WebGpuSession implements Session {
  readonly #variables = new Map<string, Floats>();
  readonly #programs = new Map<Graph, Program[]>();
  readonly #pool: BufferPool;
  #held = 0;
  #peak = 0;
  #running = false;

  private constructor(private readonly gpu: Gpu) {
    this.#pool = new BufferPool(gpu, (bytes) => this.#account(bytes));
  }

  /** Throws an OutOfMemoryError where the graphs do not fit, an Error where one of their values is larger than the GPU binds. */
  static async open(gpu: Gpu, graphs: readonly Graph[]): Promise<WebGpuSession> {
    const session = new WebGpuSession(gpu);
    try {
      const specs = new Map(
        graphs.flatMap(({ variables }) => variables.map((spec) => [spec.name, spec.shape] as const)),
      );
      await session.#create([...specs].map(([name, shape]) => [name, elementCount(shape)]));
      const sizes = graphs.map((graph) => session.#program(graph, largestFetch(graph)).sizes);
      const places = Math.max(0, ...sizes.map(({ length }) => length));
      await session.#pool.reserve(
        Array.from({ length: places }, (_, place) => Math.max(...sizes.map((of) => of[place] ?? 0))),
      );
      return session;
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  async run(graph: Graph, fetch: Fetch, feeds: ReadonlyMap<string, Float32Array>): Promise<Float32Array[]> {
    return this.#alone(async () => {
      const program = this.#program(graph, fetch);
      checkFeeds(program.placeholders, feeds);
      await this.#pool.reserve(program.sizes);
      await this.gpu.wait(program.prepare());
      for (const [name, value] of program.placeholders) this.#upload(program.floatsOf(value), feeds.get(name)!);

      const submission = new Submission(this.gpu.device);
      for (const dispatch of program.forward) submission.dispatch(dispatch);
      const download = await this.#download(fetch.values.map((value) => program.floatsOf(value)));
      download.record(submission);
      for (const dispatch of program.updates) submission.dispatch(dispatch);
      submission.submit();
      return this.#finish(download);
    });
  }

  async read(names: readonly string[]): Promise<Map<string, Float32Array>> {
    return this.#alone(async () => {
      const sources = names.map((name) => this.#variable(name));
      const values: Float32Array[] = [];
      for (let first = 0; first < sources.length; ) {
        let [end, bytes] = [first, 0];
        while (end < sources.length && (end === first || bytes + 4 * sources[end]!.length <= transferBytes)) {
          bytes += 4 * sources[end++]!.length;
        }
        const download = await this.#download(sources.slice(first, end));
        const submission = new Submission(this.gpu.device);
        download.record(submission);
        submission.submit();
        values.push(...(await this.#finish(download)));
        first = end;
      }
      return new Map(names.map((name, index) => [name, values[index]!]));
    });
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    return this.#alone(async () => {
      for (const [name, data] of values) {
        const length = this.#variables.get(name)?.length ?? data.length;
        if (length !== data.length) throw new TypeError(`variable ${name} has ${length} elements, not ${data.length}`);
      }
      const missing = [...values].filter(([name]) => !this.#variables.has(name));
      await this.#create(missing.map(([name, { length }]) => [name, length]));
      for (const [name, data] of values) this.#upload(this.#variable(name), data);
      await this.gpu.wait(this.gpu.device.queue.onSubmittedWorkDone());
    });
  }

  memory(): SessionMemory {
    return { current: this.#held, peak: this.#peak };
  }

  dispose(): void {
    if (this.#running) throw new Error("a session is disposed of between its runs: await the run before");
    for (const program of [...this.#programs.values()].flat()) program.release();
    this.#programs.clear();
    this.#pool.release();
    for (const { buffer } of this.#variables.values()) buffer.destroy();
    this.#variables.clear();
    this.#held = 0;
  }

  async #alone<Result>(act: () => Promise<Result>): Promise<Result> {
    if (this.#running) throw new Error("a session runs one graph at a time: await the run before");
    this.#running = true;
    try {
      this.gpu.check();
      return await act();
    } finally {
      this.#running = false;
    }
  }

  #program(graph: Graph, fetch: Fetch): Program {
    const known = this.#programs.get(graph) ?? [];
    const same = known.find((program) => sameFetch(program.fetch, fetch));
    if (same) return same;
    const surroundings = { pool: this.#pool, variable: (name: string) => this.#variable(name) };
    const program = new Program(this.gpu, graph, fetch, surroundings);
    this.#programs.set(graph, [...known, program]);
    return program;
  }

  #variable(name: string): Floats {
    const variable = this.#variables.get(name);
    if (variable === undefined) throw new TypeError(`there is no variable ${name}`);
    return variable;
  }

  /** All zeros, as WebGPU makes its buffers. */
  async #create(lengths: readonly (readonly [string, number])[]): Promise<void> {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const bytes = lengths.map(([, length]) => roundUp(4 * length, 16));
    const buffers = await this.gpu.allocate(bytes, usage, "The memory of weights and optimizer slots");
    lengths.forEach(([name, length], index) => {
      this.#variables.set(name, { buffer: buffers[index]!, length });
      this.#account(bytes[index]!);
    });
  }

  #upload({ buffer }: Floats, data: Float32Array): void {
    // Dawn ends the process when it is given memory that threads share, as the batches of training are.
    const own = data.buffer instanceof SharedArrayBuffer ? data.slice() : (data as Float32Array<ArrayBuffer>);
    this.gpu.device.queue.writeBuffer(buffer, 0, own);
  }

  async #download(sources: readonly Floats[]): Promise<Download> {
    const download = await Download.of(this.gpu, sources);
    this.#account(download.bytes);
    return download;
  }

  async #finish(download: Download): Promise<Float32Array[]> {
    try {
      return await download.finish();
    } finally {
      this.#account(-download.bytes);
    }
  }

  #account(bytes: number): void {
    this.#held += bytes;
    this.#peak = Math.max(this.#peak, this.#held);
  }
}
