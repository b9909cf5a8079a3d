import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

/**
 * The one copy of TensorFlow.js. Its packages must share one tfjs-core, so all of them are loaded as CommonJS here and nowhere
 * else; an ESM import beside it would give a second core that knows no backend.
 */
export const tf = require("@tensorflow/tfjs") as typeof import("@tensorflow/tfjs");

/** TensorFlow.js's WebAssembly module (XNNPACK and its other kernels) with its heap. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  readonly HEAP32: Int32Array;
  /** Memory belongs to the module's exports in the build without threads. */
  readonly asm: { readonly memory: { readonly buffer: ArrayBufferLike } };
  /** Address of so many bytes as a signed integer; 0 where there is no room. */
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** The module's tensors by number: kernels take numbers, not addresses. */
  readonly tfjs: {
    registerTensor(id: number, size: number, address: number): void;
    disposeData(id: number): void;
  };
  _Softmax(x: number, y: number, channels: number, batch: number): void;
  _MaxPool(
    ...parameters: [
      ...[x: number, batch: number, height: number, width: number, filterHeight: number, filterWidth: number],
      ...[padTop: number, padRight: number, padBottom: number, padLeft: number],
      ...[dilationHeight: number, dilationWidth: number, strideHeight: number, strideWidth: number],
      ...[inChannels: number, outChannels: number, y: number],
    ]
  ): void;
}

let starting: Promise<WasmModule> | undefined;

/** Starts TensorFlow.js's wasm backend once for the process. */
export function startWasmBackend(): Promise<WasmModule> {
  starting ??= (async () => {
    const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
    await tf.setBackend("wasm");
    await tf.ready();
    return (tf.backend() as unknown as { readonly wasm: WasmModule }).wasm;
  })();
  return starting;
}
