"use client";
import { useTranslations } from "next-intl";
import type { ParallelAxis } from "@/features/comparison/parallel-axes";
import type { ComparisonRowViewFragment } from "@/gql/graphql";
import { ScrollRegion } from "@/ui/scroll-region";

const mostRows = 100;

/** The runs within the brushes with their settings and results: what the lines say, to be read. */
export function ParallelTable({
  rows,
  axes,
  isWithin,
  nameOf,
  sayValue,
}: {
  rows: readonly ComparisonRowViewFragment[];
  axes: readonly ParallelAxis[];
  isWithin: readonly boolean[];
  nameOf: (field: string) => string;
  sayValue: (field: string, value: unknown) => string;
}) {
  const t = useTranslations("comparison.parallel");
  const chosen = rows.map((row, index) => ({ row, index })).filter(({ index }) => isWithin[index]);
  const cell = "border-b py-1 pr-6 text-left font-normal whitespace-nowrap";
  return (
    <details className="text-sm">
      <summary className="text-accent">{t("table")}</summary>
      {chosen.length > mostRows && (
        <p className="text-ink-3">{t("shown", { shown: mostRows, total: chosen.length })}</p>
      )}
      <ScrollRegion label={t("table")}>
        <table className="tabular">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className={cell}>
                {t("run")}
              </th>
              {axes.map(({ field }) => (
                <th key={field} scope="col" className={cell}>
                  {nameOf(field)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {chosen.slice(0, mostRows).map(({ row, index }) => (
              <tr key={row.key}>
                <th scope="row" className={cell}>
                  {row.name}
                </th>
                {axes.map(({ field, places, stops }) => (
                  <td key={field} className={cell}>
                    {places[index] == null
                      ? "–"
                      : sayValue(field, stops.find(({ place }) => place === places[index])?.value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
