import { startTfjsModule, type TfjsModule } from "../../tf.js";
import { OutOfMemoryError } from "../out-of-memory-error.js";
import { type Memory, webAssembly } from "./webassembly.js";

/** wasm32 ends at 4 GiB; the allocator keeps the last page for itself. */
export const heapLimit = 4_294_901_760;

const alignment = 64;

/** Memory of TensorFlow.js's wasm module, in which all tensors of the executor live. Addresses are bytes from its start. */
export class Heap {
  readonly #blocks = new Map<number, { readonly raw: number; readonly bytes: number }>();
  #allocated = 0;

  private constructor(
    readonly module: TfjsModule,
    readonly memory: Memory,
  ) {}

  static async open(): Promise<Heap> {
    const memory = new webAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
    return new Heap(await startTfjsModule(memory), memory);
  }

  /** The heap as floats. Do not keep it: it is replaced when the heap grows. */
  get floats(): Float32Array {
    return this.module.HEAPF32;
  }

  get integers(): Int32Array {
    return this.module.HEAP32;
  }

  /** Bytes held by this heap's callers. */
  get allocated(): number {
    return this.#allocated;
  }

  /**
   * Room for `bytes`, aligned to a cache line, with slack for a vector access at its end.
   * Throws an OutOfMemoryError that says how many bytes were needed and how many are there.
   */
  allocate(bytes: number, purpose: string): number {
    const size = bytes + 2 * alignment;
    const raw = size < heapLimit ? this.module._malloc(size) >>> 0 : 0;
    if (raw === 0) throw new OutOfMemoryError(outOfMemory(purpose, bytes, heapLimit - this.#allocated));
    const address = Math.ceil(raw / alignment) * alignment;
    this.#blocks.set(address, { raw, bytes: size });
    this.#allocated += size;
    return address;
  }

  free(address: number): void {
    const block = this.#blocks.get(address);
    if (block === undefined) throw new Error(`no block of the heap starts at ${address}`);
    this.#blocks.delete(address);
    this.#allocated -= block.bytes;
    this.module._free(block.raw);
  }

  read(address: number, length: number): Float32Array {
    return this.floats.slice(address / 4, address / 4 + length);
  }

  write(address: number, values: Float32Array): void {
    this.floats.set(values, address / 4);
  }

  zero(address: number, length: number): void {
    this.floats.fill(0, address / 4, address / 4 + length);
  }
}

/** What to say when a model does not fit. */
export function outOfMemory(purpose: string, needed: number, available: number): string {
  return (
    `${purpose} needs ${needed.toLocaleString("en-US")} bytes, but WebAssembly has only ${available.toLocaleString("en-US")} of its ` +
    "4 GiB left. Use a smaller batch, a smaller image or a smaller architecture, or a worker with native TensorFlow."
  );
}
