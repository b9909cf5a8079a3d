import { verifyCheckpoint } from "@residual/model";
import type { Log } from "../log.js";
import type { CheckpointRow, ClaimedJob } from "../operations.js";

/**
 * The newest committed checkpoint whose file is on this machine and has the digest that was committed; undefined when there is none, and
 * the run begins anew. A damaged or missing file is passed over for the one before it.
 */
export async function chooseCheckpoint({ run, checkpoint }: ClaimedJob, log: Log): Promise<CheckpointRow | undefined> {
  const committed = [...(checkpoint ? [checkpoint] : []), ...(run?.checkpoints ?? [])].sort((a, b) => b.step - a.step);
  const tried = new Set<string>();
  for (const candidate of committed) {
    if (tried.has(candidate.path)) continue;
    tried.add(candidate.path);
    if (await verifyCheckpoint(candidate.path, candidate.sha256)) return candidate;
    // Old checkpoints are removed in good order; only a missing newest one is news.
    if (tried.size === 1)
      log.warn("the last checkpoint is missing or damaged, looking for an earlier one", { path: candidate.path });
  }
  return undefined;
}
