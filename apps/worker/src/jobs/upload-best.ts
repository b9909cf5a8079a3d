import { join } from "node:path";
import { logArtifact } from "@residual/client";
import { bestCheckpointIn } from "@residual/model";
import type { JobContext } from "./job-context.js";

/**
 * Uploads the best checkpoint of a run that has ended, so that it outlives this machine's disk. It needs the lease still. Where the API does not take it, the
 * log says why and the run ends all the same: its checkpoint stays here.
 */
export async function uploadBest(run: string, context: JobContext): Promise<void> {
  const { api, lease, folders, log, shutdown, signal, tell } = context;
  try {
    const { version, bytes } = await logArtifact({
      ...api.access,
      run,
      leaseGeneration: lease.leaseGeneration,
      name: "best.safetensors",
      file: await bestCheckpointIn(join(folders.checkpoints, run)),
      onProgress: () => tell({ kind: "alive", isAtBatches: false }),
      signal: AbortSignal.any([shutdown, signal]),
    });
    log.info("uploaded the best checkpoint", { version, bytes });
  } catch (error) {
    signal.throwIfAborted();
    log.warn("the best checkpoint was not uploaded; it stays on this machine", { reason: (error as Error).message });
  }
}
