"use client";
import { useTranslations } from "next-intl";
import { ChartControls } from "@/features/metrics/chart-controls";
import { MetricChart } from "@/features/metrics/metric-chart";
import { configRows } from "@/features/run/config-rows";
import { PassportFacts } from "@/features/run/passport-facts";
import type { RunViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { FactList } from "@/ui/fact-list";

const systemCharts = ["throughput", "system/memory_bytes", "system/loader_wait_seconds"];
const usual = new Set(systemCharts);

/** What the run takes: memory and speed as predicted and as measured, the machine, and how both went over time. */
export function SystemTab({ run, environment }: { run: RunViewFragment; environment?: unknown }) {
  const t = useTranslations("run.system");
  const { passport } = run;
  const runs = [{ id: run.id, name: run.name, color: runColor(run.id) }];
  const machine = configRows(environment);
  const others = run.metrics.map(({ key }) => key).filter((key) => key.startsWith("system/") && !usual.has(key));
  return (
    <div className="flex flex-col gap-6">
      {!passport ? <p className="text-ink-3">{t("noPassport")}</p> : <PassportFacts passport={passport} />}
      <ChartControls />
      <div className="grid gap-6 lg:grid-cols-2">
        {[...systemCharts, ...others].map((metric) => (
          <MetricChart key={metric} runs={runs} metric={metric} height={190} />
        ))}
      </div>
      {environment !== undefined && (
        <section>
          <h2 className="mb-2 text-base font-semibold">{t("environment")}</h2>
          {machine.length === 0 ? (
            <p className="text-ink-3">{t("noEnvironment")}</p>
          ) : (
            <FactList facts={machine.map(({ field, value }) => ({ label: field, value: value ?? "–" }))} />
          )}
        </section>
      )}
    </div>
  );
}
