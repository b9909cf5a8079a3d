import type { Executor } from "../executor.js";
import { requirePrecision } from "../precision.js";
import { requestAdapter } from "./dawn.js";
import { Gpu } from "./gpu.js";
import { WebGpuSession } from "./webgpu-session.js";

export interface WebGpuOptions {
  /** Accept an adapter that computes on the CPU: for tests. `RESIDUAL_WEBGPU_SOFTWARE=1` says the same. */
  readonly software?: boolean;
}

/** One for the process: what is compiled for one session serves the next. */
let opened: Promise<Gpu> | undefined;

/**
 * The executor on any GPU with a Vulkan, Metal or Direct3D 12 driver, by our own kernels on Dawn. Says what is missing where there is
 * none.
 */
export async function openWebGpu({
  software = process.env.RESIDUAL_WEBGPU_SOFTWARE === "1",
}: WebGpuOptions = {}): Promise<Executor | { readonly unavailable: string }> {
  const adapter = await requestAdapter();
  if ("unavailable" in adapter) return adapter;
  if (isSoftware(adapter) && !software) {
    const { description, device } = adapter.info;
    const remedy = "install the GPU's driver, or set RESIDUAL_WEBGPU_SOFTWARE=1 to try WebGPU without a GPU";
    return { unavailable: `${description || device} computes on the CPU, slower than WebAssembly does: ${remedy}` };
  }
  opened ??= Gpu.open(adapter);
  const gpu = await opened;
  const executor: Executor = {
    name: "webgpu",
    device: `${gpu.name} by WebGPU`,
    threads: 1,
    precisions: ["fp32"],
    openSession: async (graphs, { precision = "fp32" } = {}) => {
      requirePrecision(executor, precision);
      return WebGpuSession.open(gpu, graphs);
    },
  };
  return executor;
}

/** Drivers that imitate a GPU do not all say so. */
function isSoftware({ info }: GPUAdapter): boolean {
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(text);
}
