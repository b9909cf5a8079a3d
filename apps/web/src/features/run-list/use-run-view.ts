"use client";
import { parseRunQuery, printRunQuery } from "@residual/shared";
import { useEffect, useState } from "react";
import { leadingSort, type RunSort, runOrder, sortText } from "@/features/run-list/run-sort";
import type { useRunList } from "@/features/run-list/use-run-list";
import { setSearchParams, useUrlList, useUrlState } from "@/lib/use-url-state";

/**
 * What a run table asks for. It lives in the URL: the query as it was typed in `q`, the order in `sort`. While the typed text is no query,
 * the table stays with the last one that was.
 */
export function useRunQuestion() {
  const [typed] = useUrlState("q", "");
  const [sort] = useUrlState("sort", "");
  const { query, problem } = parseRunQuery(typed);
  const [accepted, setAccepted] = useState("");
  const filter = problem ? accepted : printRunQuery(query);
  useEffect(() => setAccepted(filter), [filter]);
  const orderBy = runOrder(sort);
  return {
    typed,
    filter,
    orderBy,
    sort: leadingSort(orderBy),
    setTyped: (text: string) => setSearchParams({ q: text }),
    setSort: (next: RunSort) =>
      setSearchParams({ sort: next.operand === "createdAt" && next.isDescending ? null : sortText(next) }),
  };
}

/** The selected runs of a list, in the order of their selection: `selected` of the URL. They stay selected when a filter hides them. */
export function useRunSelection(list: ReturnType<typeof useRunList>) {
  const [ids, setSelection] = useUrlList("selected");
  const { isLoaded, known, recall } = list;
  const unknown = isLoaded ? ids.filter((id) => /^run_[0-9a-f]{32}$/.test(id) && !known.has(id)).join(",") : "";
  useEffect(() => {
    if (unknown !== "") void recall(unknown.split(",").slice(0, 300));
  }, [unknown, recall]);
  return { selection: isLoaded ? ids.filter((id) => known.has(id)) : ids, setSelection };
}
