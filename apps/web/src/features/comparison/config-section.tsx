"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { allLines, type ConfigColumn, differenceLines, valueCounts } from "@/features/comparison/config-table";
import { CompareConfigsDocument, type ComparisonViewFragment } from "@/gql/graphql";
import { Checkbox } from "@/ui/field";

const cell = "border-b py-1 pr-6 text-left align-top font-normal";

/** Beyond so many runs a column each is not read any more; then each value says how many runs have it. */
const mostColumns = 12;

/** The settings that differ between the runs; on request all of them. */
export function ConfigSection({ comparison, isReadOnly }: { comparison: ComparisonViewFragment; isReadOnly: boolean }) {
  const t = useTranslations("comparison.config");
  const [showAll, setShowAll] = useState(false);
  const columns: ConfigColumn[] = comparison.rows.flatMap(({ runs }) =>
    runs.map(({ id, name }) => ({ run: id, name })),
  );
  const [{ data }] = useQuery({
    query: CompareConfigsDocument,
    variables: { runs: columns.map(({ run }) => run) },
    pause: !showAll,
  });
  const configs = new Map(
    data?.comparison.rows.flatMap(({ runs }) => runs.map(({ id, config }) => [id, config] as const)),
  );
  const lines = showAll && data ? allLines(configs, columns) : differenceLines(comparison.configDiff, columns);
  return (
    <section>
      <div className="mb-2 flex flex-wrap items-center gap-4">
        <h2 className="text-base font-semibold">{showAll ? t("title") : t("different")}</h2>
        {!isReadOnly && (
          <Checkbox
            label={t("all")}
            checked={showAll}
            onChange={(event) => setShowAll(event.target.checked)}
            data-print="hide"
          />
        )}
      </div>
      {lines.length === 0 ? (
        <p className="text-ink-3">{t("same")}</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="text-sm">
            <thead className="text-xs text-ink-3">
              <tr>
                <th scope="col" className={cell}>
                  {t("field")}
                </th>
                {columns.length <= mostColumns &&
                  columns.map(({ run, name }) => (
                    <th key={run} scope="col" className={cell}>
                      {name}
                    </th>
                  ))}
              </tr>
            </thead>
            <tbody>
              {lines.map(({ field, values, isDifferent }) => (
                <tr key={field} className={showAll && isDifferent ? "bg-accent-soft" : undefined}>
                  <th scope="row" className={`${cell} font-mono`}>
                    {field}
                  </th>
                  {columns.length <= mostColumns ? (
                    columns.map(({ run }, column) => (
                      <td key={run} className={`${cell} font-mono`}>
                        {values[column] ?? <span className="font-sans text-ink-3">{t("unset")}</span>}
                      </td>
                    ))
                  ) : (
                    <td className={cell}>
                      {valueCounts(values)
                        .map(({ value, runs }) => `${value ?? t("unset")} (${t("runs", { count: runs })})`)
                        .join(", ")}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
