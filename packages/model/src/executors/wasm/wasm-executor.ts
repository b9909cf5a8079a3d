import type { Executor } from "../executor.js";
import { requirePrecision } from "../precision.js";
import { findBlas } from "./blas/blas-library.js";
import { Heap } from "./heap.js";
import { Kernels } from "./kernels/kernels.js";
import { type Machine, zeroFloats } from "./machine.js";
import { WasmSession } from "./wasm-session.js";

/** The heap and the threads are one for the process, whatever executors use them. */
let machine: Promise<{ readonly base: Omit<Machine, "blas">; readonly blas: ReturnType<typeof findBlas> }> | undefined;

function startMachine() {
  machine ??= (async () => {
    const heap = await Heap.open();
    const zeros = heap.allocate(4 * zeroFloats, "zeros");
    heap.zero(zeros, zeroFloats);
    const blas = findBlas();
    const kernels = new Kernels(heap, "unavailable" in blas ? undefined : blas);
    return { base: { heap, kernels, zeros }, blas };
  })();
  return machine;
}

function executorOn(machine: Machine, name: string, device: string): Executor {
  const executor: Executor = {
    name,
    device,
    threads: machine.kernels.threads,
    precisions: ["fp32"],
    openSession: async (graphs, { precision = "fp32" } = {}) => {
      requirePrecision(executor, precision);
      return new WasmSession(machine, graphs);
    },
  };
  return executor;
}

function describeKernels({ fused, threads }: Kernels): string {
  return `WebAssembly SIMD${fused ? " with fused multiply-add" : ""}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** Our kernels on TensorFlow.js's wasm module. Needs nothing but npm. */
export async function openWasm(): Promise<Executor> {
  const { base } = await startMachine();
  return executorOn({ ...base, blas: false }, "wasm", describeKernels(base.kernels));
}

/** The same with dense matrix products by OpenBLAS on the wasm heap. Says what is missing where it is not found. */
export async function openWasmBlas(): Promise<Executor | { readonly unavailable: string }> {
  const { base, blas } = await startMachine();
  if ("unavailable" in blas) return blas;
  return executorOn({ ...base, blas: true }, "wasm-blas", `${blas.name} and ${describeKernels(base.kernels)}`);
}
