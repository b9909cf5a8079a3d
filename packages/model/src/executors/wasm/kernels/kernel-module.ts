import { setFlagsFromString } from "node:v8";
import { f32x4 } from "../assembler/instructions.js";
import { ModuleBuilder } from "../assembler/module-builder.js";
import { webAssembly } from "../webassembly.js";
import { defineActivation } from "./activation.js";
import { defineBatchNorm } from "./batch-norm.js";
import { defineColumnSums } from "./column-sums.js";
import { defineElementwise } from "./elementwise.js";
import type { MultiplyAdd } from "./gemm.js";
import { defineLayerNorm } from "./layer-norm.js";
import { defineOptimizers } from "./optimizer.js";
import { defineMaxPoolGrad } from "./pooling.js";
import { defineProducts } from "./product.js";
import { defineStridedCopy } from "./strided-copy.js";

/** For engines without relaxed SIMD. */
export const plainMultiplyAdd: MultiplyAdd = (a, b, c) => f32x4.add(f32x4.mul(a, b), c);

function assemble(multiplyAdd: MultiplyAdd): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  defineProducts(module, multiplyAdd);
  defineElementwise(module);
  defineActivation(module);
  defineBatchNorm(module);
  defineLayerNorm(module);
  defineColumnSums(module);
  defineMaxPoolGrad(module);
  defineStridedCopy(module);
  defineOptimizers(module);
  return module.encode();
}

/** Our kernels, compiled. */
export interface KernelModule {
  readonly module: object;
  /** Whether products use the processor's fused multiply-add (WebAssembly's relaxed SIMD). */
  readonly fused: boolean;
}

/**
 * Assembles and compiles our kernels. Relaxed SIMD is standard since V8 11.4; Node 20 (V8 11.3) has it behind a flag that may be
 * set while it runs. An engine without it gets a multiplication and an addition.
 */
export function compileKernels(): KernelModule {
  let code = assemble(f32x4.relaxedMultiplyAdd);
  if (!webAssembly.validate(code)) setFlagsFromString("--experimental-wasm-relaxed-simd");
  const fused = webAssembly.validate(code);
  if (!fused) code = assemble(plainMultiplyAdd);
  return { module: new webAssembly.Module(code), fused };
}
