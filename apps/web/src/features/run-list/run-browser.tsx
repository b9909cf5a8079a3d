"use client";
import { useTranslations } from "next-intl";
import { RunFilterBar } from "@/features/run-list/run-filter-bar";
import { RunTable } from "@/features/run-list/run-table";
import { SelectionBar } from "@/features/run-list/selection-bar";
import { useRunActions } from "@/features/run-list/use-run-actions";
import type { useRunList } from "@/features/run-list/use-run-list";
import type { useRunView } from "@/features/run-list/use-run-view";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

/** A run table with its filter, and what can be done with the selected runs. */
export function RunBrowser({
  list,
  view,
  onShareSelection,
}: {
  list: ReturnType<typeof useRunList>;
  view: ReturnType<typeof useRunView>;
  onShareSelection?: () => void;
}) {
  const t = useTranslations("runList");
  const format = useFormat();
  const actions = useRunActions(list.remove, () => void list.reload());
  if (list.error && list.runs.size === 0) return <ErrorState error={list.error} onRetry={() => void list.reload()} />;
  const { visible, selection } = view;
  const total = list.totalCount ?? 0;
  const count =
    list.totalCount === null
      ? ""
      : list.isComplete
        ? visible.length === total
          ? t("count", { shown: total })
          : t("countOf", { shown: format.count(visible.length), total: format.count(total) })
        : t("stillLoading", { loaded: format.count(list.runs.size), total: format.count(total) });
  return (
    <section aria-label={t("table")} className="min-w-0">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2 md:px-6">
        <RunFilterBar runs={[...list.runs.values()]} filter={view.filter} onFilter={view.setFilter} />
        <span className="tabular ml-auto text-xs text-ink-3" aria-live="polite">
          {count}
        </span>
      </div>
      {selection.length > 0 && (
        <div className="border-t px-4 py-2 md:px-6">
          <SelectionBar
            selection={selection}
            onClear={() => view.setSelection(() => [])}
            onShare={onShareSelection}
            actions={actions}
          />
        </div>
      )}
      {list.totalCount === null ? (
        <SkeletonRows rows={6} height={44} />
      ) : visible.length === 0 ? (
        <EmptyState
          title={t("nothingMatches")}
          action={
            <Button onClick={() => view.setFilter({ text: "", statuses: [], architectures: [] })}>
              {t("clearFilter")}
            </Button>
          }
        />
      ) : (
        <RunTable
          runs={visible}
          sort={view.sort}
          onSort={view.setSort}
          selection={selection}
          onSelectionChange={view.setSelection}
          actions={actions}
        />
      )}
    </section>
  );
}
