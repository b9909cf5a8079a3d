"use client";
import { useTranslations } from "next-intl";
import { MetricChart } from "@/features/metrics/metric-chart";
import type { RunRowFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";

/** The charts beside the run table: accuracy, loss and speed of the runs given. */
export function SelectedCharts({ runs }: { runs: readonly RunRowFragment[] }) {
  const t = useTranslations("experiment");
  const drawn = runs.map(({ id, name, curves }) => ({ id, name, curves, color: runColor(id) }));
  if (drawn.length === 0) return <p className="p-4 text-ink-3">{t("chartsEmpty")}</p>;
  return (
    <div className="flex flex-col gap-5">
      <MetricChart runs={drawn} metric="accuracy" />
      <MetricChart runs={drawn} metric="loss" />
      <MetricChart runs={drawn} metric="throughput" height={140} />
    </div>
  );
}
