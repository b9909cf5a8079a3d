"use client";
import { useTranslations } from "next-intl";
import type { RunSort } from "@/features/run-list/run-sort";
import { runTableColumns } from "@/features/run-list/run-table-columns";
import { cx } from "@/ui/class-names";
import { Icon } from "@/ui/icon";

/** Column heads: pressing one sorts by it, pressing it again turns the order round. */
export function RunTableHead({
  sort,
  onSort,
  selected,
  onSelectAll,
}: {
  sort: RunSort;
  onSort: (sort: RunSort) => void;
  selected: "none" | "some" | "all";
  onSelectAll: (isSelected: boolean) => void;
}) {
  const t = useTranslations("runList");
  return (
    <thead className="sticky top-0 z-10 bg-ground text-xs text-ink-3">
      <tr className="h-9">
        <th scope="col" className="sticky left-0 z-1 border-b bg-ground pl-3 text-left">
          <input
            type="checkbox"
            className="size-4 align-middle accent-accent"
            aria-label={t("selectAll")}
            checked={selected === "all"}
            ref={(box) => {
              if (box) box.indeterminate = selected === "some";
            }}
            onChange={(event) => onSelectAll(event.target.checked)}
          />
        </th>
        {runTableColumns.map((column) => {
          const isSorted = column.sort === sort.operand;
          const order = isSorted ? (sort.isDescending ? "descending" : "ascending") : "none";
          const next = {
            operand: column.sort ?? "",
            isDescending: isSorted ? !sort.isDescending : column.isDescendingFirst,
          };
          return (
            <th
              key={column.key}
              scope="col"
              aria-sort={column.sort ? order : undefined}
              className={cx(
                "border-b bg-ground px-2 font-medium",
                column.isNumber ? "text-right" : "text-left",
                column.key === "name" && "sticky left-9 z-1",
              )}
            >
              {column.sort === null ? (
                t(`column.${column.key}`)
              ) : (
                <button
                  type="button"
                  onClick={() => onSort(next)}
                  className={cx("inline-flex items-center gap-1 hover:text-ink", isSorted && "text-ink")}
                >
                  {t(`column.${column.key}`)}
                  {isSorted && <Icon name={sort.isDescending ? "chevronDown" : "chevronUp"} className="size-3" />}
                </button>
              )}
            </th>
          );
        })}
        <th scope="col" className="border-b bg-ground md:sticky md:right-0 md:z-1">
          <span className="sr-only">{t("actions")}</span>
        </th>
      </tr>
    </thead>
  );
}
