"use client";
import { useTranslations } from "next-intl";
import { useDeferredValue } from "react";
import { ConfigSection } from "@/features/comparison/config-section";
import { CostScatter } from "@/features/comparison/cost-scatter";
import { DifferenceTable } from "@/features/comparison/difference-table";
import { ParallelCoordinates } from "@/features/comparison/parallel-coordinates";
import { SameImages } from "@/features/comparison/same-images";
import { Evidence } from "@/features/experiment/evidence";
import { ChartControls } from "@/features/metrics/chart-controls";
import { MetricChart } from "@/features/metrics/metric-chart";
import type { ComparisonViewFragment, FairnessKind } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";

/** Lines that a chart can hold and still be read. */
const mostLines = 40;

/** The runs of a comparison side by side: what the difference rests on, differences, cost, series, settings. */
export function ComparisonView({
  comparison,
  onBaseline,
  acknowledged,
  onAcknowledge,
}: {
  comparison: ComparisonViewFragment;
  /** Absent on a shared page, which is only read. */
  onBaseline?: (run: string) => void;
  acknowledged?: readonly FairnessKind[];
  onAcknowledge?: (kind: FairnessKind) => void;
}) {
  const t = useTranslations("comparison");
  // The answer and its table are on screen before the pictures of a thousand runs are drawn.
  const drawnComparison = useDeferredValue<ComparisonViewFragment | null>(comparison, null);
  return (
    <div className="flex flex-col gap-8 px-4 pb-8 md:px-6">
      {(comparison.fairness.length > 0 || comparison.tests.length > 0) && (
        <details open={comparison.fairness.some(({ severity }) => severity === "BAD")}>
          <summary className="font-medium text-accent">{t("evidence")}</summary>
          <Evidence comparison={comparison} acknowledged={acknowledged} onAcknowledge={onAcknowledge} />
        </details>
      )}
      <DifferenceTable comparison={comparison} onBaseline={onBaseline} />
      {drawnComparison && <Pictures comparison={drawnComparison} isReadOnly={!onBaseline} />}
    </div>
  );
}

function Pictures({ comparison, isReadOnly }: { comparison: ComparisonViewFragment; isReadOnly: boolean }) {
  const t = useTranslations("comparison");
  const runs = comparison.rows.flatMap(({ runs: members }) => members);
  const drawn = runs.slice(0, mostLines).map(({ id, name, curves }) => ({ id, name, curves, color: runColor(id) }));
  return (
    <>
      <CostScatter rows={comparison.rows} />
      <ParallelCoordinates comparison={comparison} />
      <SameImages comparison={comparison} />
      <section className="flex flex-col gap-4">
        <h2 className="text-base font-semibold">{t("series.title")}</h2>
        <ChartControls />
        {runs.length > drawn.length && (
          <p className="text-ink-3">{t("series.limited", { shown: drawn.length, total: runs.length })}</p>
        )}
        <div className="grid gap-6 lg:grid-cols-2">
          <MetricChart runs={drawn} metric="accuracy" height={260} />
          <MetricChart runs={drawn} metric="loss" height={260} />
        </div>
      </section>
      <ConfigSection comparison={comparison} isReadOnly={isReadOnly} />
    </>
  );
}
