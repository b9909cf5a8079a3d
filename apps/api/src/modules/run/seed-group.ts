import { createHash } from "node:crypto";

/**
 * Name of the group of runs that differ in their seed only: the architecture, and a short hash of the dataset and of the
 * configuration without the seed (its keys sorted, so that their order does not matter).
 */
export function seedGroup(
  architecture: string | null,
  datasetId: string | null,
  config: Record<string, unknown>,
): string {
  const entries = Object.entries(config)
    .filter(([key]) => key !== "seed")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256")
    .update(JSON.stringify([datasetId, entries]))
    .digest("hex");
  return `${architecture ?? "run"}-${hash.slice(0, 8)}`;
}
