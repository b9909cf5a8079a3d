import { accessTo } from "../../access.js";
import type { Context } from "../../context.js";
import { AppError } from "../../errors.js";
import { checkMeasurer } from "../job/own-job.js";
import type { Run } from "../run/run.entity.js";

/**
 * Throws where the viewer may not add files to a run. Members may, scripts' keys (LOG) to runs that scripts log, and a worker's key (WORK) to the run of
 * the job that it holds. Returns the lease generation under which it is done, null for all but workers.
 */
export async function checkUploader(context: Context, run: Run, leaseGeneration: number): Promise<number | null> {
  const scopes = accessTo(context.viewer, run.projectId)?.scopes ?? [];
  if (scopes.includes("MANAGE") || (run.origin === "LOGGED" && scopes.includes("LOG"))) return null;
  await checkMeasurer(context, run, leaseGeneration);
  if (leaseGeneration !== run.leaseGeneration) throw fencedUpload(run.id);
  return leaseGeneration;
}

/** For a worker whose lease has passed on. */
export function fencedUpload(run: string): AppError {
  return new AppError("FENCED", `Run ${run} has passed on to another worker. Stop working on it; nothing was kept.`);
}
