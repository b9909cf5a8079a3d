import { availableParallelism } from "node:os";
import type { Executor } from "../executor.js";
import { loadCApi } from "./c-api.js";
import { findTensorFlow } from "./find-library.js";
import { encodeSessionConfig, GraphDefBuilder } from "./graph-def.js";
import { NativeSession } from "./native-session.js";
import { TensorFlowSession } from "./session.js";

export interface TensorFlowOptions {
  /** Of one operation, and between operations; all processors unless said. */
  readonly threads?: number;
}

/**
 * The executor on TensorFlow's own library, where one is found: whole training steps as one call, on a GPU if the library sees one.
 * Says why if there is none. Once loaded, end the process by `process.exit`: the library may crash at a natural end.
 */
export async function openTensorFlow({
  threads = availableParallelism(),
}: TensorFlowOptions = {}): Promise<Executor | { readonly unavailable: string }> {
  const found = await findTensorFlow();
  if ("unavailable" in found) return found;
  try {
    const api = await loadCApi(found.folder, found.core);
    const probe = new NativeSession(api, new GraphDefBuilder().encode(), encodeSessionConfig(threads));
    const gpu = probe.devices().find(({ type }) => type === "GPU");
    probe.close();
    const place = gpu ? `GPU with ${(gpu.bytes / 2 ** 30).toFixed(1)} GiB` : `CPU, ${threads} threads`;
    return {
      name: "tensorflow",
      device: `TensorFlow ${api.version()} on ${place}`,
      threads,
      openSession: (graphs) => TensorFlowSession.open(api, graphs, threads),
    };
  } catch (error) {
    return { unavailable: `${found.source} in ${found.folder} cannot be used: ${(error as Error).message}` };
  }
}
