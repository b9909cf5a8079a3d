import { accessTo } from "../../access.js";
import { AppError } from "../../errors.js";
import type { Viewer } from "../../viewer.js";
import type { RunToLog } from "./runs-to-log.js";

/**
 * Throws where a viewer may not write what a run measured. What our workers train only its worker writes, under a lease: a script's key
 * would otherwise make up the result of a run that waits for its first claim, when its lease generation is still 0. And a worker's key
 * writes nothing but its job.
 */
export function checkWriter(viewer: Viewer | null, run: RunToLog, leaseGeneration: number): void {
  const isLogged = run.origin === "LOGGED";
  const scopes = accessTo(viewer, run.projectId)?.scopes ?? [];
  if (isLogged ? !scopes.includes("LOG") && !scopes.includes("MANAGE") : !scopes.includes("WORK"))
    throw new AppError(
      "FORBIDDEN",
      isLogged
        ? `Run ${run.id} is logged by a script; that needs a key with the scope LOG.`
        : `Run ${run.id} is trained by a worker, and only a key with the scope WORK writes what it measures. Make a run of your own with createRun.`,
      { field: "run" },
    );
  if (!isLogged && leaseGeneration < 1)
    throw new AppError("FENCED", `Run ${run.id} is trained by a worker: claim its job first, and name the lease.`, {
      field: "leaseGeneration",
    });
}
