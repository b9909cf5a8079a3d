import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Memory } from "./executors/wasm/webassembly.js";

const require = createRequire(import.meta.url);

/**
 * TensorFlow.js itself, as the one CommonJS copy that its packages share: an ESM import beside it would give a second tfjs-core that
 * knows no backend. Only tests and benches need it, to compare with; our executors use its WebAssembly module below.
 */
export function loadTensorFlowJs(): typeof import("@tensorflow/tfjs") {
  return require("@tensorflow/tfjs") as typeof import("@tensorflow/tfjs");
}

/**
 * TensorFlow.js's WebAssembly module: its allocator and its kernels (XNNPACK among them), which know tensors by number.
 * Addresses come back as signed integers.
 */
export interface TfjsModule {
  readonly HEAP32: Int32Array;
  readonly HEAPF32: Float32Array;
  /** 0 where there is no room. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  _init_with_threads_count(threads: number): void;
  _register_tensor(id: number, size: number, address: number): void;
  _dispose_data(id: number): void;
  _Softmax(x: number, y: number, channels: number, batch: number): void;
  _MaxPool(
    ...parameters: [
      ...[x: number, batch: number, height: number, width: number, filterHeight: number, filterWidth: number],
      ...[padTop: number, padRight: number, padBottom: number, padLeft: number],
      ...[dilationHeight: number, dilationWidth: number, strideHeight: number, strideWidth: number],
      ...[inChannels: number, outChannels: number, y: number],
    ]
  ): void;
  readonly PThread: { terminateAllThreads(): void };
}

type Factory = (config: {
  readonly wasmMemory: Memory;
  readonly mainScriptUrlOrBlob: string;
  readonly locateFile: (file: string) => string | URL;
}) => Promise<TfjsModule>;

/** Answers the module's greeting, so that its start is not held up; see below. */
const idleWorker = new URL(
  `data:text/javascript,${encodeURIComponent(
    'import { parentPort } from "node:worker_threads"; parentPort.once("message", () => parentPort.postMessage({ cmd: "loaded" }));',
  )}`,
);

/**
 * Starts the module on a shared memory. Of its two builds with SIMD this one takes a memory from outside. It insists on eight
 * workers for XNNPACK, which could not run in Node; they are dismissed, as our kernels share the work among threads of their own.
 */
export async function startTfjsModule(memory: Memory): Promise<TfjsModule> {
  const folder = join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "wasm-out");
  const factory = require(join(folder, "tfjs-backend-wasm-threaded-simd.js")) as Factory;
  const restore = keepProcessListeners();
  const module = await factory({
    wasmMemory: memory,
    mainScriptUrlOrBlob: "",
    locateFile: (file) => (file.endsWith(".worker.js") ? idleWorker : join(folder, file)),
  });
  restore();
  module._init_with_threads_count(1);
  module.PThread.terminateAllThreads();
  return module;
}

/** The module's glue rethrows whatever nobody catches, which would change how the process dies: its listeners are removed. */
function keepProcessListeners(): () => void {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Set<unknown>(events.flatMap((event) => process.listeners(event as "uncaughtException")));
  return () => {
    for (const event of events) {
      for (const listener of process.listeners(event as "uncaughtException")) {
        if (!before.has(listener)) process.removeListener(event, listener);
      }
    }
  };
}
