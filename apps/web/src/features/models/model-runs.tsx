"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { VerdictChip } from "@/features/run-list/verdict-chip";
import type { ModelRunFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { ScrollRegion } from "@/ui/scroll-region";
import { Uncertain } from "@/ui/uncertain";

const cell = "border-b py-1.5 pr-5 text-left";
const columns = ["run", "dataset", "accuracy", "gap", "speed", "memory"] as const;

/** What the team's own runs of a network measured, the most accurate first. */
export function ModelRuns({ runs }: { runs: ModelRunFragment[] }) {
  const t = useTranslations("models.runs");
  const format = useFormat();
  if (runs.length === 0) return <p className="text-ink-3">{t("none")}</p>;
  return (
    <ScrollRegion label={t("run")}>
      <table className="text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className={`${cell} font-normal`}>
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row" className={`${cell} font-normal`}>
                <Link href={`/runs/${run.id}`} className="text-accent hover:underline">
                  {run.name}
                </Link>
              </th>
              <td className={cell}>
                {run.dataset?.name ?? "–"}
                {run.passport && <span className="text-ink-3"> {t("px", { size: run.passport.imageSize })}</span>}
              </td>
              <td className={cell}>
                <Uncertain spoken={run.bestEvaluation && format.percent(run.bestEvaluation.val.accuracy)} />
              </td>
              <td className={cell}>
                <span className="flex items-center gap-2">
                  {run.generalizationGap?.accuracy && (format.points(run.generalizationGap.accuracy)?.value ?? "–")}
                  {run.generalizationGap ? <VerdictChip verdict={run.generalizationGap.verdict} /> : "–"}
                </span>
              </td>
              <td className={cell}>
                {run.passport?.measuredImagesPerSecond ? format.number(run.passport.measuredImagesPerSecond) : "–"}
              </td>
              <td className={cell}>
                {run.passport?.measuredMemoryBytes ? format.bytes(run.passport.measuredMemoryBytes) : "–"}
                {run.passport && (
                  <span className="text-ink-3">
                    {" "}
                    {t("predicted", { value: format.bytes(run.passport.predictedMemoryBytes) })}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
