"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import type { RunSort } from "@/features/run-list/run-sort";
import {
  actionColumnWidth,
  checkColumnWidth,
  runTableColumns,
  runTableWidth,
} from "@/features/run-list/run-table-columns";
import { RunTableHead } from "@/features/run-list/run-table-head";
import { RunTableRow, rowHeight } from "@/features/run-list/run-table-row";
import type { useRunActions } from "@/features/run-list/use-run-actions";
import { useRunTableKeys } from "@/features/run-list/use-run-table-keys";
import type { RunRowFragment } from "@/gql/graphql";
import { useNow } from "@/lib/use-now";

/** The runs that are given, in the order given. Only the rows on screen are in the document: ten thousand runs scroll as ten do. */
export function RunTable({
  runs,
  sort,
  onSort,
  selection,
  onSelectionChange,
  onNearEnd,
  actions,
}: {
  runs: readonly RunRowFragment[];
  sort: RunSort;
  onSort: (sort: RunSort) => void;
  selection: readonly string[];
  onSelectionChange: (change: (ids: string[]) => string[]) => void;
  /** The reader has almost scrolled through the runs that are here. */
  onNearEnd?: () => void;
  actions: ReturnType<typeof useRunActions>;
}) {
  const t = useTranslations("runList");
  const scroller = useRef<HTMLDivElement>(null);
  const now = useNow() ?? 0;
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    initialRect: { width: 1000, height: 600 },
  });
  const selected = new Set(selection);
  const toggle = (id: string) =>
    onSelectionChange((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
  const focused = useRunTableKeys(runs, toggle, (index) => virtualizer.scrollToIndex(index));

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const isNearEnd = runs.length - lastShown < 200;
  useEffect(() => {
    if (isNearEnd && runs.length > 0) onNearEnd?.();
  }, [isNearEnd, runs.length, onNearEnd]);
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const selectedHere = runs.reduce((count, run) => count + (selected.has(run.id) ? 1 : 0), 0);
  return (
    <div ref={scroller} className="max-h-[max(320px,calc(100dvh-260px))] overflow-auto border-t">
      <table
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
        style={{ minWidth: runTableWidth }}
        aria-label={t("table")}
        aria-rowcount={runs.length + 1}
      >
        <colgroup>
          <col style={{ width: checkColumnWidth }} />
          {runTableColumns.map(({ key, width }) => (
            <col key={key} style={{ width }} />
          ))}
          <col style={{ width: actionColumnWidth }} />
        </colgroup>
        <RunTableHead
          sort={sort}
          onSort={onSort}
          selected={selectedHere === 0 ? "none" : selectedHere === runs.length ? "all" : "some"}
          onSelectAll={(isSelected) => onSelectionChange(() => (isSelected ? runs.map(({ id }) => id) : []))}
        />
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {items.map(({ index }) => {
            const run = runs[index];
            if (!run) return null;
            return (
              <RunTableRow
                key={run.id}
                run={run}
                index={index}
                now={now}
                isSelected={selected.has(run.id)}
                isFocused={focused === run.id}
                onToggle={() => toggle(run.id)}
                actions={actions}
              />
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}
