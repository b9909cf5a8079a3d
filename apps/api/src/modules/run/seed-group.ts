import { createHash } from "node:crypto";

/**
 * Name of the group of runs that differ in their seed only: the architecture, and a short hash of the dataset and of the
 * configuration without the seed (its keys sorted, so that their order does not matter). Once it is known which checkpoint the run began
 * with, its digest is hashed too: the same name, or AUTO, may have been another file yesterday, or on another worker.
 */
export function seedGroup(
  architecture: string | null,
  datasetId: string | null,
  config: Record<string, unknown>,
  checkpointSha256: string | null = null,
): string {
  const entries = Object.entries(config)
    .filter(([key]) => key !== "seed")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256")
    .update(JSON.stringify([datasetId, entries, ...(checkpointSha256 === null ? [] : [checkpointSha256])]))
    .digest("hex");
  return `${architecture ?? "run"}-${hash.slice(0, 8)}`;
}
