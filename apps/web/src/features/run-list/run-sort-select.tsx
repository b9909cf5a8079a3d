"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { RunSort } from "@/features/run-list/run-sort";
import { runTableColumns } from "@/features/run-list/run-table-columns";
import { useRunVocabulary } from "@/features/run-list/use-run-vocabulary";
import { Select } from "@/ui/field";

const columnSorts: readonly string[] = runTableColumns.flatMap(({ sort }) => sort ?? []);

/** Sorts by what is no column: the time of creation, and the best value of every metric of the project. */
export function RunSortSelect({
  project,
  sort,
  onSort,
}: {
  project: string;
  sort: RunSort;
  onSort: (sort: RunSort) => void;
}) {
  const t = useTranslations("runList");
  const [isNear, setNear] = useState(false);
  const { metricKeys } = useRunVocabulary(project, isNear);
  const offered = metricKeys.map((key) =>
    /^[A-Za-z_][\w./-]*$/.test(key) ? `${key}@best` : `${JSON.stringify(key)}@best`,
  );
  const others =
    offered.includes(sort.operand) || columnSorts.includes(sort.operand) || sort.operand === "createdAt"
      ? []
      : [sort.operand];
  const known = [...columnSorts.filter((operand) => operand === sort.operand && !offered.includes(operand)), ...others];
  return (
    <Select
      className="w-auto max-w-48"
      aria-label={t("sortBy")}
      value={`${sort.isDescending ? "-" : ""}${sort.operand}`}
      onPointerEnter={() => setNear(true)}
      onFocus={() => setNear(true)}
      onChange={({ target }) =>
        onSort({ operand: target.value.replace(/^-/, ""), isDescending: target.value.startsWith("-") })
      }
    >
      <option value="-createdAt">{t("newestFirst")}</option>
      <option value="createdAt">{t("oldestFirst")}</option>
      {[...known, ...offered].flatMap((operand) => [
        <option key={`-${operand}`} value={`-${operand}`}>
          {operand} ↓
        </option>,
        <option key={operand} value={operand}>
          {operand} ↑
        </option>,
      ])}
    </Select>
  );
}
