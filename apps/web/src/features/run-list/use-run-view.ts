"use client";
import { useMemo } from "react";
import { filterRuns, type RunFilter } from "@/features/run-list/filter-runs";
import { parseSort, type Sort, sortRuns, sortText } from "@/features/run-list/sort-runs";
import type { RunRowFragment, RunStatus } from "@/gql/graphql";
import { setSearchParams, useUrlList, useUrlState } from "@/lib/use-url-state";

/** Sort, filter and selection of a run table. All three live in the URL: `sort`, `q`, `status`, `architecture`, `selected`. */
export function useRunView(runs: ReadonlyMap<string, RunRowFragment>) {
  const [sortParameter] = useUrlState("sort", "");
  const [text] = useUrlState("q", "");
  const [statuses] = useUrlList("status");
  const [architectures] = useUrlList("architecture");
  const [selectedIds, setSelection] = useUrlList("selected");

  const sort = useMemo(() => parseSort(sortParameter), [sortParameter]);
  const filter: RunFilter = { text, statuses: statuses as RunStatus[], architectures };
  const filterKey = JSON.stringify(filter);
  const visible = useMemo(
    () => sortRuns(filterRuns([...runs.values()], JSON.parse(filterKey) as RunFilter), sort, Date.now()),
    [runs, filterKey, sort],
  );
  return {
    visible,
    sort,
    filter,
    /** Selected runs that exist, in the order of their selection. */
    selection: runs.size === 0 ? selectedIds : selectedIds.filter((id) => runs.has(id)),
    setSort: (next: Sort) =>
      setSearchParams({ sort: next.key === "created" && next.isDescending ? null : sortText(next) }),
    setFilter: (next: RunFilter) =>
      setSearchParams({ q: next.text, status: next.statuses.join(","), architecture: next.architectures.join(",") }),
    setSelection,
  };
}
