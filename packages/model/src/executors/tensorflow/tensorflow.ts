import { availableParallelism } from "node:os";
import type { Executor } from "../executor.js";
import { requirePrecision } from "../precision.js";
import { loadCApi } from "./c-api.js";
import { type CudaDevice, listCudaDevices } from "./cuda-devices.js";
import { findTensorFlow } from "./find-library.js";
import { encodeSessionConfig, GraphDefBuilder } from "./graph-def.js";
import { remedy, versionProblem } from "./library-version.js";
import { NativeSession } from "./native-session.js";
import { precisionsOf } from "./precisions.js";
import { TensorFlowSession } from "./session.js";

export interface TensorFlowOptions {
  /** Of one operation, and between operations; all processors unless said. */
  readonly threads?: number;
  /** Compile with XLA: on a GPU only, where it may gain; on a CPU it is several times slower and refused. `RESIDUAL_XLA=1` says the same. */
  readonly xla?: boolean;
}

/**
 * The executor on TensorFlow's own library, where one is found: whole training steps as one call, on the first GPU that the library
 * sees (CUDA_VISIBLE_DEVICES chooses). Says why if there is none. Once loaded, end the process by `process.exit`: the library may
 * crash at a natural end.
 */
export async function openTensorFlow({
  threads = availableParallelism(),
  xla = process.env.RESIDUAL_XLA === "1",
}: TensorFlowOptions = {}): Promise<Executor | { readonly unavailable: string }> {
  const found = await findTensorFlow();
  if ("unavailable" in found) return found;
  const refused = (reason: string) => ({
    unavailable: `${found.source} in ${found.folder} cannot be used: ${reason}`,
  });
  try {
    const api = await loadCApi(found.folder, found.core);
    const problem = versionProblem(api.version());
    if (problem) return refused(problem);
    const probe = new NativeSession(api, new GraphDefBuilder().encode(), encodeSessionConfig({ threads, xla: false }));
    const gpu = probe.devices().find(({ type }) => type === "GPU");
    probe.close();
    if (xla && !gpu) return refused("XLA makes training on a CPU several times slower; do without RESIDUAL_XLA=1");

    const [present] = await listCudaDevices();
    const place = gpu ? describeGpu(present, gpu.bytes) : describeCpu(present, threads);
    const executor: Executor = {
      name: "tensorflow",
      device: `TensorFlow ${api.version()} on ${place}`,
      threads,
      precisions: precisionsOf(gpu ? (present ?? "unknown gpu") : "cpu", api.allowTf32 !== undefined),
      openSession: async (graphs, { precision = "fp32" } = {}) => {
        requirePrecision(executor, precision);
        return TensorFlowSession.open(api, graphs, precision, { threads, xla });
      },
    };
    return executor;
  } catch (error) {
    return refused((error as Error).message);
  }
}

function describeGpu(device: CudaDevice | undefined, bytes: number): string {
  return `${device?.name ?? "a GPU"}, ${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** A library for the CPU, or one that misses CUDA's libraries, leaves a GPU unused: nobody should find that out from the bill. */
function describeCpu(unused: CudaDevice | undefined, threads: number): string {
  const place = `CPU, ${threads} threads`;
  return unused ? `${place} (not on the ${unused.name} here: the library cannot use it. ${remedy} -- --cuda)` : place;
}
