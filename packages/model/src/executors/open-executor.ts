import type { Executor } from "./executor.js";

/** The fastest first; `reference` is for tests. */
export const executorNames = ["tensorflow", "webgpu", "wasm-blas", "wasm", "reference"] as const;
export type ExecutorName = (typeof executorNames)[number];

type Opened = Executor | { readonly unavailable: string };

/** Loaded only when asked for: a native library must not be touched by those who do not want it. */
const openers: Readonly<Record<ExecutorName, () => Promise<Opened>>> = {
  tensorflow: async () => (await import("./tensorflow/tensorflow.js")).openTensorFlow(),
  webgpu: async () => (await import("./webgpu/webgpu-executor.js")).openWebGpu(),
  "wasm-blas": async () => (await import("./wasm/wasm-executor.js")).openWasmBlas(),
  wasm: async () => (await import("./wasm/wasm-executor.js")).openWasm(),
  reference: async () => (await import("./reference/reference-executor.js")).referenceExecutor,
};

/**
 * Opens an executor, or says why it is not available. Never throws; a native library that is broken may end the process, so whoever
 * must not die opens it in another one.
 */
export async function openExecutor(name: ExecutorName): Promise<Opened> {
  try {
    return await openers[name]();
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}
