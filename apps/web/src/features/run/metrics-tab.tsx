"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { ChartControls } from "@/features/metrics/chart-controls";
import { MetricChart } from "@/features/metrics/metric-chart";
import { metricGroups } from "@/features/run/metric-groups";
import type { RunViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useUrlState } from "@/lib/use-url-state";
import { Input } from "@/ui/field";

/** Every series of the run as a small chart, by split. */
export function MetricsTab({ run }: { run: RunViewFragment }) {
  const t = useTranslations("run.metrics");
  const [search, setSearch] = useUrlState("metric", "");
  const groups = useMemo(
    () =>
      metricGroups(
        run.metrics.map(({ key }) => key),
        search,
      ),
    [run.metrics, search],
  );
  const runs = [{ id: run.id, name: run.name, curves: run.curves, color: runColor(run.id) }];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4">
        <Input
          type="search"
          className="max-w-64"
          aria-label={t("search")}
          placeholder={t("search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <ChartControls />
      </div>
      {groups.length === 0 && <p className="text-ink-3">{run.metrics.length === 0 ? t("empty") : t("none")}</p>}
      {groups.map(({ split, keys }) => (
        <section key={split}>
          <h2 className="mb-2 text-base font-semibold">{split ?? t("other")}</h2>
          <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
            {keys.map((key) => (
              <MetricChart key={key} runs={runs} metric={key} height={170} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
