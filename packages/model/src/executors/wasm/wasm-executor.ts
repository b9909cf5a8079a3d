import type { Graph } from "../../graph/graph.js";
import type { Executor, Session } from "../executor.js";
import { Heap } from "./heap.js";
import { Kernels } from "./kernels/kernels.js";
import { type Machine, zeroFloats } from "./machine.js";
import { WasmSession } from "./wasm-session.js";

let machine: Promise<Machine> | undefined;

async function start(): Promise<Machine> {
  const heap = await Heap.open();
  const zeros = heap.allocate(4 * zeroFloats, "zeros");
  heap.zero(zeros, zeroFloats);
  return { heap, kernels: new Kernels(heap), zeros };
}

/** TensorFlow.js's wasm heap and kernels with our training kernels. Needs nothing but npm; the heap is one for the process. */
export async function openWasm(): Promise<Executor> {
  machine ??= start();
  const { kernels } = await machine;
  return {
    name: "wasm",
    device: `WebAssembly SIMD${kernels.fused ? " with fused multiply-add" : ""}, ${kernels.threads} thread`,
    threads: kernels.threads,
    openSession: async (graphs: readonly Graph[]): Promise<Session> => new WasmSession(await machine!, graphs),
  };
}
