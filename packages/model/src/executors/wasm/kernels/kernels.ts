import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Heap } from "../heap.js";
import { webAssembly } from "../webassembly.js";
import { controlBytes, controlWords, parameterOffset, spins } from "./control-block.js";
import { compileKernels } from "./kernel-module.js";
import { type ThreadData, threadSource } from "./thread-source.js";

type Kernel = (...parameters: number[]) => void;

/** More threads than this gain little: memory becomes the limit. */
const mostThreads = 16;

/** Calls below this much work (operations on single floats) are not worth waking a thread. */
const worthSharing = 100_000;

/** Shares of a call for each thread: a thread that is held up leaves its rest to the others. */
const sharesPerThread = 4;

/** Our kernels on the heap, their units shared among threads. The calling thread does its part and waits for the others. */
export class Kernels {
  readonly fused: boolean;
  readonly threads = Math.min(availableParallelism(), mostThreads);
  readonly #kernels: Readonly<Record<string, Kernel>>;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #words: Int32Array;
  readonly #values: Float64Array;

  constructor(heap: Heap) {
    const { module, fused } = compileKernels();
    this.fused = fused;
    const { memory } = heap;
    this.#kernels = new webAssembly.Instance(module, { env: { memory, thread: 0 } }).exports;
    const names = Object.keys(this.#kernels);
    this.#numbers = new Map(names.map((name, index) => [name, index]));

    const control = heap.allocate(controlBytes, "the threads' control block");
    this.#words = new Int32Array(memory.buffer, control, Object.keys(controlWords).length);
    this.#words.fill(0);
    this.#values = new Float64Array(memory.buffer, control + parameterOffset);
    for (let thread = 1; thread < this.threads; thread++) {
      const workerData: ThreadData = { module, memory, control, thread, names };
      // A thread sleeps in Atomics.wait; it must not keep the process alive.
      new Worker(threadSource, { eval: true, workerData, name: `kernels ${thread}` }).unref();
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
