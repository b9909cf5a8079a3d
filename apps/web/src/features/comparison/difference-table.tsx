"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { differenceScale } from "@/features/comparison/difference-scale";
import { DifferenceWhisker } from "@/features/comparison/difference-whisker";
import { useShownRows } from "@/features/comparison/shown-rows";
import { VerdictChip } from "@/features/run-list/verdict-chip";
import type { ComparisonRowViewFragment, ComparisonViewFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";
import { runColor } from "@/lib/run-color";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { IconButton } from "@/ui/icon-button";
import { Uncertain } from "@/ui/uncertain";

const cell = "border-b py-1.5 pr-4 align-middle whitespace-nowrap";
const numberColumns = [
  "accuracy",
  "difference",
  "p",
  "gap",
  "epoch",
  "seeds",
  "parameters",
  "macs",
  "time",
  "speed",
] as const;

/** Every run or group at its best epoch beside the baseline: difference with interval, adjusted p, gap, cost. */
export function DifferenceTable({
  comparison,
  onBaseline,
}: {
  comparison: ComparisonViewFragment;
  /** Makes a row the baseline; absent on pages that are only read. */
  onBaseline?: (run: string) => void;
}) {
  const t = useTranslations("comparison");
  const reach = differenceScale(comparison.rows.map(({ difference }) => difference));
  const rows = useMemo(() => comparison.rows.toSorted((a, b) => accuracyOf(b) - accuracyOf(a)), [comparison]);
  const tests = useMemo(() => new Map(comparison.tests.map((test) => [test.run, test])), [comparison]);
  const { shown, more } = useShownRows(rows);
  return (
    <section>
      <h2 className="text-base font-semibold">{t("table.title")}</h2>
      <p className="mb-2 text-ink-3">{t("table.hint", { metric: comparison.selectionMetric })}</p>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead className="text-xs text-ink-3">
            <tr>
              <th scope="col" className={`${cell} sticky left-0 bg-ground text-left font-normal`}>
                {t("table.name")}
              </th>
              <th scope="col" className={`${cell} text-left font-normal`}>
                {t("table.architecture")}
              </th>
              {numberColumns.map((column) => (
                <th key={column} scope="col" className={`${cell} text-right font-normal`}>
                  {t(`table.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <DifferenceRow
                key={row.key}
                row={row}
                test={tests.get(row.runs[0]?.id ?? row.key)}
                baseline={comparison.baseline}
                reach={reach}
                onBaseline={onBaseline}
              />
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </section>
  );
}

function accuracyOf(row: ComparisonRowViewFragment): number {
  return finite(row.valAccuracy?.estimate) ?? Number.NEGATIVE_INFINITY;
}

function DifferenceRow({
  row,
  test,
  baseline,
  reach,
  onBaseline,
}: {
  row: ComparisonRowViewFragment;
  test: ComparisonViewFragment["tests"][number] | undefined;
  /** Key of the baseline's row, or the id of one of its runs. */
  baseline: string | null;
  reach: number;
  onBaseline?: (run: string) => void;
}) {
  const t = useTranslations("comparison");
  const format = useFormat();
  const ids = row.runs.map(({ id }) => id);
  const first = ids[0];
  const isBaseline = baseline !== null && (row.key === baseline || ids.includes(baseline));
  const p =
    test && (test.adjustedPValue < 0.001 ? `< ${format.decimal(0.001, 3)}` : format.decimal(test.adjustedPValue, 3));
  // Of a run that logged losses alone the gap is one of losses.
  const lossGap = row.lossGap ? t("table.lossGap", { gap: format.number(row.lossGap.estimate) }) : "–";
  return (
    <tr className={isBaseline ? "bg-panel" : undefined}>
      <th
        scope="row"
        className={`${cell} sticky left-0 text-left font-normal ${isBaseline ? "bg-panel" : "bg-ground"}`}
      >
        <span className="flex items-center gap-2">
          <span
            aria-hidden="true"
            className="size-2 shrink-0 rounded-full"
            style={{ background: runColor(first ?? row.key) }}
          />
          {onBaseline && first && row.runs.length === 1 ? (
            <Link href={`/runs/${first}`} className="hover:underline">
              {row.name}
            </Link>
          ) : (
            row.name
          )}
          {isBaseline && <Chip tone="accent">{t("baseline.is")}</Chip>}
          {onBaseline && !isBaseline && first && (
            <IconButton
              icon="compare"
              label={t("baseline.set", { name: row.name })}
              onClick={() => onBaseline(first)}
            />
          )}
        </span>
      </th>
      <td className={cell}>{row.architecture?.name ?? "–"}</td>
      <td className={`${cell} text-right`}>
        <Uncertain spoken={row.valAccuracy && format.percent(row.valAccuracy)} />
      </td>
      <td className={`${cell} text-right`}>
        {row.difference ? (
          <span className="inline-flex items-center justify-end gap-2">
            <DifferenceWhisker difference={row.difference} reach={reach} />
            <Uncertain spoken={format.points(row.difference)} />
          </span>
        ) : (
          "–"
        )}
      </td>
      <td className={`${cell} text-right`}>{p ?? "–"}</td>
      <td className={`${cell} text-right`}>
        <span className="inline-flex items-center justify-end gap-2">
          {row.accuracyGap ? (format.points(row.accuracyGap)?.value ?? "–") : lossGap}
          {row.verdict && <VerdictChip verdict={row.verdict} />}
        </span>
      </td>
      <td className={`${cell} text-right`}>{row.epoch === null ? "–" : format.number(row.epoch)}</td>
      <td className={`${cell} text-right`}>{row.seeds}</td>
      <td className={`${cell} text-right`}>{row.parameters === null ? "–" : format.compact(row.parameters)}</td>
      <td className={`${cell} text-right`}>{row.macs === null ? "–" : format.compact(row.macs)}</td>
      <td className={`${cell} text-right`}>{row.trainSeconds === null ? "–" : format.duration(row.trainSeconds)}</td>
      <td className={`${cell} text-right`}>
        {row.imagesPerSecond === null ? "–" : format.number(row.imagesPerSecond)}
      </td>
    </tr>
  );
}
