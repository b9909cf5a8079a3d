"use client";
import { useTranslations } from "next-intl";
import { ChartControls } from "@/features/metrics/chart-controls";
import { MetricChart } from "@/features/metrics/metric-chart";
import { configRows } from "@/features/run/config-rows";
import type { RunViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useFormat } from "@/lib/use-format";
import { FactList } from "@/ui/fact-list";

const systemCharts = ["throughput", "system/memory_bytes", "system/loader_wait_seconds"] as const;

/** What the run takes: memory and speed as predicted and as measured, the machine, and how both went over time. */
export function SystemTab({ run, environment }: { run: RunViewFragment; environment?: unknown }) {
  const t = useTranslations("run.system");
  const format = useFormat();
  const { passport } = run;
  const runs = [{ id: run.id, name: run.name, color: runColor(run.id) }];
  const machine = configRows(environment);
  return (
    <div className="flex flex-col gap-6">
      {!passport ? (
        <p className="text-ink-3">{t("noPassport")}</p>
      ) : (
        <FactList
          facts={[
            {
              label: t("memory"),
              value:
                passport.measuredMemoryBytes === null
                  ? t("notMeasured")
                  : t("measured", { value: format.bytes(passport.measuredMemoryBytes) }),
              note: t("predicted", { value: format.bytes(passport.predictedMemoryBytes) }),
            },
            {
              label: t("throughput"),
              value:
                passport.measuredImagesPerSecond === null
                  ? t("notMeasured")
                  : t("images", { value: format.number(passport.measuredImagesPerSecond) }),
              note:
                passport.predictedImagesPerSecond === null
                  ? undefined
                  : t("predicted", { value: format.number(passport.predictedImagesPerSecond) }),
            },
            { label: t("parameters"), value: format.count(passport.parameters) },
            { label: t("macs"), value: format.compact(passport.macs) },
            { label: t("imageSize"), value: `${passport.imageSize} × ${passport.imageSize}` },
            { label: t("classes"), value: format.count(passport.classes) },
            { label: t("checkpoint"), value: format.bytes(passport.checkpointBytes) },
          ]}
        />
      )}
      <ChartControls />
      <div className="grid gap-6 lg:grid-cols-2">
        {systemCharts.map((metric) => (
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
