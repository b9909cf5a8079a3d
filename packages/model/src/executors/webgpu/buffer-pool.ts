import type { Gpu } from "./gpu.js";

/** Buffers of a session for everything that is no variable: all its programs use them in turn. */
export class BufferPool {
  readonly #buffers = new Map<number, GPUBuffer>();
  /** Grows whenever buffers were replaced. */
  generation = 0;

  constructor(
    private readonly gpu: Gpu,
    private readonly account: (bytes: number) => void,
  ) {}

  /** The n-th largest. */
  buffer(place: number): GPUBuffer {
    const buffer = this.#buffers.get(place);
    if (buffer === undefined) throw new Error(`the pool has no buffer ${place}: it was not reserved`);
    return buffer;
  }

  /** Makes the n-th largest buffer at least as large as the n-th of `sizes`, which are sorted. What lay in a replaced one is lost. */
  async reserve(sizes: readonly number[]): Promise<void> {
    const short = [...sizes.keys()].filter((place) => (this.#buffers.get(place)?.size ?? 0) < sizes[place]!);
    if (short.length === 0) return;
    for (const place of short) this.#release(place);
    this.generation++;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const bytes = short.map((place) => sizes[place]!);
    const fresh = await this.gpu.allocate(bytes, usage, "The memory of activations and gradients");
    short.forEach((place, index) => {
      this.#buffers.set(place, fresh[index]!);
      this.account(bytes[index]!);
    });
  }

  release(): void {
    for (const place of this.#buffers.keys()) this.#release(place);
  }

  #release(place: number): void {
    const buffer = this.#buffers.get(place);
    if (buffer === undefined) return;
    this.account(-buffer.size);
    buffer.destroy();
    this.#buffers.delete(place);
  }
}
