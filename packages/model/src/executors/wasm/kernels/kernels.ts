import type { Heap } from "../heap.js";
import { webAssembly } from "../webassembly.js";
import { compileKernels } from "./kernel-module.js";

/** Our kernels, instantiated on the heap. */
export class Kernels {
  readonly #functions: Readonly<Record<string, (...parameters: number[]) => void>>;
  readonly fused: boolean;
  readonly threads = 1;

  constructor(heap: Heap) {
    const { module, fused } = compileKernels(false);
    this.fused = fused;
    const thread = new webAssembly.Global({ value: "i32" }, 0);
    const instance = new webAssembly.Instance(module, { env: { memory: heap.module.asm.memory, thread } });
    this.#functions = instance.exports;
  }

  /** Runs the kernel over its units begin … end. */
  run(name: string, parameters: readonly number[], begin: number, end: number): void {
    this.#functions[name]!(...parameters, begin, end);
  }
}
