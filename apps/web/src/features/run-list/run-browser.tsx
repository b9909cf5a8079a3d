"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { compareAllAddress } from "@/features/comparison/use-compared-runs";
import { RunFilterBar } from "@/features/run-list/run-filter-bar";
import { RunSortSelect } from "@/features/run-list/run-sort-select";
import { RunTable } from "@/features/run-list/run-table";
import { SelectionBar } from "@/features/run-list/selection-bar";
import { useRunActions } from "@/features/run-list/use-run-actions";
import { useRunCount } from "@/features/run-list/use-run-count";
import type { useRunList } from "@/features/run-list/use-run-list";
import type { useRunQuestion, useRunSelection } from "@/features/run-list/use-run-view";
import { useFormat } from "@/lib/use-format";
import { Button, buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Icon } from "@/ui/icon";
import { SkeletonRows } from "@/ui/skeleton";

/** A run table with its filter, and what can be done with the selected runs. experiment: where only its runs are listed. */
export function RunBrowser({
  project,
  experiment,
  list,
  question,
  selected,
  onShareSelection,
}: {
  project: string;
  experiment?: string;
  list: ReturnType<typeof useRunList>;
  question: ReturnType<typeof useRunQuestion>;
  selected: ReturnType<typeof useRunSelection>;
  onShareSelection?: () => void;
}) {
  const t = useTranslations("runList");
  const format = useFormat();
  const actions = useRunActions(list.remove, () => void list.reload());
  const count = useRunCount(project, experiment, question.filter, list.isLoaded && list.hasMore);
  const { selection, setSelection } = selected;
  const runs = [...list.runs.values()];
  const shown = !list.isLoaded
    ? ""
    : !list.hasMore
      ? t("count", { shown: runs.length })
      : count === null
        ? t("countHere", { loaded: format.count(runs.length) })
        : t(count.isExact ? "stillLoading" : "moreThan", {
            loaded: format.count(runs.length),
            total: format.count(count.value),
          });
  return (
    <section aria-label={t("table")} className="min-w-0">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2 md:px-6">
        <RunFilterBar project={project} typed={question.typed} onTyped={question.setTyped} />
        <RunSortSelect project={project} sort={question.sort} onSort={question.setSort} />
        <span className="tabular ml-auto text-xs text-ink-3" aria-live="polite">
          {shown}
        </span>
        {runs.length >= 2 && selection.length === 0 && (
          <Link
            href={compareAllAddress(experiment, question.filter)}
            prefetch={false}
            className={buttonClasses("quiet")}
          >
            <Icon name="compare" />
            {t("compareAll")}
          </Link>
        )}
      </div>
      {selection.length > 0 && (
        <div className="border-t px-4 py-2 md:px-6">
          <SelectionBar
            selection={selection}
            onClear={() => setSelection(() => [])}
            onShare={onShareSelection}
            actions={actions}
          />
        </div>
      )}
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.reload()} />
      ) : !list.isLoaded ? (
        <SkeletonRows rows={6} height={44} />
      ) : runs.length === 0 ? (
        <EmptyState
          title={t("nothingMatches")}
          action={<Button onClick={() => question.setTyped("")}>{t("clearFilter")}</Button>}
        />
      ) : (
        <RunTable
          runs={runs}
          sort={question.sort}
          onSort={question.setSort}
          selection={selection}
          onSelectionChange={setSelection}
          onNearEnd={list.hasMore ? list.readMore : undefined}
          actions={actions}
        />
      )}
    </section>
  );
}
