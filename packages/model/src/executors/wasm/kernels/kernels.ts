import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type BlasLibrary, loadSgemm } from "../blas/blas-library.js";
import { openSgemm } from "../blas/sgemm.js";
import type { Heap } from "../heap.js";
import { webAssembly } from "../webassembly.js";
import { controlBytes, controlWords, parameterOffset, spins } from "./control-block.js";
import { compileKernels } from "./kernel-module.js";
import { runThread, type ThreadData } from "./thread.js";

type Kernel = (...parameters: number[]) => void;

/** More threads than this gain little: memory becomes the limit. */
const mostThreads = 16;

/** Calls below this much work (operations on single floats) are not worth waking a thread. */
const worthSharing = 100_000;

/** Shares of a call for each thread: a thread that is held up leaves its rest to the others. */
const sharesPerThread = 4;

/** A worker is started from a file, and the file would be TypeScript in tests: its functions are sent as text instead. */
const threadScript = `
const { workerData } = require("node:worker_threads");
const openSgemm = ${openSgemm.toString()};
(${runThread.toString()})(workerData, {
  instantiate: (module, imports) => new WebAssembly.Instance(module, imports).exports,
  openSgemm: ({ koffi, library }, memory) => openSgemm(require(koffi), library, memory),
});
`;

/** Our kernels on the heap, their units shared among threads. The calling thread does its part and waits for the others. */
export class Kernels {
  readonly fused: boolean;
  readonly threads = Math.min(availableParallelism(), mostThreads);
  readonly #kernels: Readonly<Record<string, Kernel>>;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #words: Int32Array;
  readonly #values: Float64Array;

  /** Kernels of ours, and `sgemm` where a BLAS is given. */
  constructor(heap: Heap, blas?: BlasLibrary) {
    const { module, fused } = compileKernels();
    this.fused = fused;
    const { memory } = heap;
    const { exports } = new webAssembly.Instance(module, { env: { memory, thread: 0 } });
    this.#kernels = blas ? { ...exports, sgemm: loadSgemm(blas, memory) } : exports;
    const names = Object.keys(this.#kernels);
    this.#numbers = new Map(names.map((name, index) => [name, index]));

    const control = heap.allocate(controlBytes, "the threads' control block");
    this.#words = new Int32Array(memory.buffer, control, Object.keys(controlWords).length);
    this.#words.fill(0);
    this.#values = new Float64Array(memory.buffer, control + parameterOffset);
    for (let thread = 1; thread < this.threads; thread++) {
      const fixed = { module, memory, names, words: controlWords, control, parameterOffset, spins, blas };
      const workerData: ThreadData = { ...fixed, thread };
      // A thread sleeps in Atomics.wait; it must not keep the process alive.
      new Worker(threadScript, { eval: true, workerData, name: `kernels ${thread}` }).unref();
    }
  }

  /** Runs the kernel over its units begin … end; `work` says how many floats it handles, roughly. */
  run(name: string, parameters: readonly number[], begin: number, end: number, work: number): void {
    const kernel = this.#kernels[name]!;
    const shared = this.threads > 1 && end - begin > 1 && work >= worthSharing && this.#allStarted();
    if (shared) this.#share(name, parameters, begin, end);
    else kernel(...parameters, begin, end);
  }

  #allStarted(): boolean {
    return Atomics.load(this.#words, controlWords.started) === this.threads - 1;
  }

  #share(name: string, parameters: readonly number[], first: number, units: number): void {
    const words = this.#words;
    const kernel = this.#kernels[name]!;
    const share = Math.max(1, Math.floor((units - first) / (this.threads * sharesPerThread)));
    this.#values.set(parameters);
    words[controlWords.kernel] = this.#numbers.get(name)!;
    words[controlWords.parameters] = parameters.length;
    words[controlWords.units] = units;
    words[controlWords.share] = share;
    words[controlWords.next] = first;
    Atomics.store(words, controlWords.busy, this.threads - 1);
    Atomics.add(words, controlWords.call, 1);
    Atomics.notify(words, controlWords.call);
    try {
      for (;;) {
        const begin = Atomics.add(words, controlWords.next, share);
        if (begin >= units) break;
        kernel(...parameters, begin, Math.min(units, begin + share));
      }
    } finally {
      this.#awaitThreads();
    }
    if (Atomics.exchange(words, controlWords.failed, 0) !== 0) throw new Error(`kernel ${name} failed in a thread`);
  }

  #awaitThreads(): void {
    const words = this.#words;
    let busy = Atomics.load(words, controlWords.busy);
    for (let spin = 0; spin < spins && busy > 0; spin++) busy = Atomics.load(words, controlWords.busy);
    while (busy > 0) {
      Atomics.wait(words, controlWords.busy, busy);
      busy = Atomics.load(words, controlWords.busy);
    }
  }
}
