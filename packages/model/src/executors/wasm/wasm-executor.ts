import type { Graph } from "../../graph/graph.js";
import type { Executor, Session } from "../executor.js";
import { loadBlas } from "./blas/blas.js";
import { Heap } from "./heap.js";
import { Kernels } from "./kernels/kernels.js";
import { type Machine, zeroFloats } from "./machine.js";
import { WasmSession } from "./wasm-session.js";

let machine: Promise<Machine> | undefined;

/** The heap and the threads are one for the process, whatever executors use them. */
function startMachine(): Promise<Machine> {
  machine ??= (async () => {
    const heap = await Heap.open();
    const zeros = heap.allocate(4 * zeroFloats, "zeros");
    heap.zero(zeros, zeroFloats);
    return { heap, kernels: new Kernels(heap), zeros };
  })();
  return machine;
}

function executorOn(machine: Machine, name: string, device: string): Executor {
  return {
    name,
    device,
    threads: machine.kernels.threads,
    openSession: async (graphs: readonly Graph[]): Promise<Session> => new WasmSession(machine, graphs),
  };
}

function describeKernels({ fused, threads }: Kernels): string {
  return `WebAssembly SIMD${fused ? " with fused multiply-add" : ""}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** Our kernels on TensorFlow.js's wasm module. Needs nothing but npm. */
export async function openWasm(): Promise<Executor> {
  const machine = await startMachine();
  return executorOn(machine, "wasm", describeKernels(machine.kernels));
}

/** The same with matrix products by OpenBLAS on the wasm heap. Says what is missing where it is not found. */
export async function openWasmBlas(): Promise<Executor | { readonly unavailable: string }> {
  const machine = await startMachine();
  const blas = await loadBlas(machine.heap);
  if ("unavailable" in blas) return blas;
  return executorOn({ ...machine, blas }, "wasm-blas", `${blas.name} and ${describeKernels(machine.kernels)}`);
}
