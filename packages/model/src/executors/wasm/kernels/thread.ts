import type { BlasLibrary } from "../blas/blas-library.js";
import type { controlWords } from "./control-block.js";

/** What a kernel thread is started with. */
export interface ThreadData {
  readonly module: object;
  readonly memory: { readonly buffer: SharedArrayBuffer };
  readonly thread: number;
  /** Kernels by their number in a call. */
  readonly names: readonly string[];
  readonly words: typeof controlWords;
  readonly control: number;
  readonly parameterOffset: number;
  readonly spins: number;
  readonly blas?: BlasLibrary;
}

type Kernel = (...parameters: number[]) => void;

/** What the script of a thread has at hand beside its data. */
export interface ThreadTools {
  readonly instantiate: (module: object, imports: object) => Readonly<Record<string, Kernel>>;
  readonly openSgemm: (library: BlasLibrary, memory: ThreadData["memory"]) => Kernel;
}

/**
 * The life of a kernel thread: takes units of each call until none is left; never returns to its event loop. Its source text is sent to
 * the worker, so it may use its parameters and nothing else of this module.
 */
export function runThread(data: ThreadData, { instantiate, openSgemm }: ThreadTools): void {
  const { module, memory, thread, names, words, control, parameterOffset, spins, blas } = data;
  const exports = instantiate(module, { env: { memory, thread } });
  const sgemm = blas && openSgemm(blas, memory);
  const kernels = names.map((name) => exports[name] ?? sgemm!);
  const state = new Int32Array(memory.buffer, control, Object.keys(words).length);
  const values = new Float64Array(memory.buffer, control + parameterOffset);
  let call = Atomics.load(state, words.call);
  Atomics.add(state, words.started, 1);
  for (;;) {
    for (let spin = 0; spin < spins && Atomics.load(state, words.call) === call; spin++);
    while (Atomics.load(state, words.call) === call) Atomics.wait(state, words.call, call);
    call = Atomics.load(state, words.call);
    const kernel = kernels[state[words.kernel]!]!;
    const parameters = Array.from(values.subarray(0, state[words.parameters]));
    const units = state[words.units]!;
    const share = state[words.share]!;
    for (;;) {
      const begin = Atomics.add(state, words.next, share);
      if (begin >= units) break;
      try {
        kernel(...parameters, begin, Math.min(units, begin + share));
      } catch {
        Atomics.store(state, words.failed, 1);
      }
    }
    if (Atomics.sub(state, words.busy, 1) === 1) Atomics.notify(state, words.busy);
  }
}
