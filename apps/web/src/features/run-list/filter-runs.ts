import type { RunRowFragment, RunStatus } from "@/gql/graphql";

/** What a run table shows of its runs. text: words that all occur in name, architecture, tags, group or data set. */
export interface RunFilter {
  text: string;
  statuses: readonly RunStatus[];
  architectures: readonly string[];
}

function searchable(run: RunRowFragment): string {
  return [run.name, run.architecture?.name, run.architecture?.id, run.dataset?.name, run.group, ...run.tags]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
}

export function filterRuns(runs: readonly RunRowFragment[], filter: RunFilter): RunRowFragment[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && filter.statuses.length === 0 && filter.architectures.length === 0) return [...runs];
  return runs.filter((run) => {
    if (filter.statuses.length > 0 && !filter.statuses.includes(run.status)) return false;
    if (filter.architectures.length > 0 && !filter.architectures.includes(run.architecture?.id ?? "")) return false;
    if (words.length === 0) return true;
    const text = searchable(run);
    return words.every((word) => text.includes(word));
  });
}
