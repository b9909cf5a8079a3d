"use client";
import { useLocale, useTranslations } from "next-intl";
import { spokenCount } from "@/lib/format";
import type { Scene } from "./chart-scene";
import { LineSwatch } from "./line-swatch";
import type { ValueUnit } from "./metric-lines";
import { tableRows } from "./table-rows";
import { loggedValue } from "./value-format";

const shownRows = 300;

/** The chart's twin in numbers: a row a step, a column a line. */
export function MetricTable({
  scene,
  height,
  unit,
  showRun,
}: {
  scene: Scene;
  height: number;
  unit: ValueUnit;
  showRun: boolean;
}) {
  const t = useTranslations("metrics.table");
  const locale = useLocale();
  const { rows, total } = tableRows(scene.lines, shownRows);
  return (
    <div className="overflow-auto border-y" style={{ height }}>
      <table className="w-full border-separate border-spacing-0 text-right text-sm">
        <thead className="sticky top-0 bg-ground">
          <tr>
            <th scope="col" className="border-b px-2 py-1 text-left font-medium">
              {t("step")}
            </th>
            {scene.lines.map((line) => (
              <th
                key={`${line.run.id} ${line.key}`}
                scope="col"
                className="border-b px-2 py-1 font-medium whitespace-nowrap"
              >
                <span className="inline-flex items-center gap-1.5">
                  <LineSwatch color={line.run.color} style={line.style} />
                  {showRun ? `${line.run.name} · ${line.key}` : line.key}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(({ step, values }) => (
            <tr key={step}>
              <th scope="row" className="px-2 text-left font-normal text-ink-2">
                {spokenCount(locale, step)}
              </th>
              {values.map((value, column) => (
                <td key={`${scene.lines[column]!.run.id} ${scene.lines[column]!.key}`} className="px-2">
                  {value === null ? "" : loggedValue(locale, unit, value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && (
        <p className="px-2 py-1 text-xs text-ink-3">{t("note", { shown: rows.length, total })}</p>
      )}
    </div>
  );
}
