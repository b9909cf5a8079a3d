"use client";
import { useLocale, useTranslations } from "next-intl";
import { spokenCount } from "@/lib/format";
import type { Scene } from "./chart-scene";
import { summarizeScene } from "./chart-summary";
import type { ValueUnit } from "./metric-lines";
import { loggedValue } from "./value-format";

/** The chart in one sentence for screen readers. */
export function ChartSummaryText({
  id,
  title,
  scene,
  unit,
}: {
  id: string;
  title: string;
  scene: Scene;
  unit: ValueUnit;
}) {
  const t = useTranslations("metrics.summary");
  const locale = useLocale();
  const summary = summarizeScene(scene);
  const say = (value: number) => loggedValue(locale, unit, value);
  const sentence = () => {
    switch (summary.key) {
      case "none":
        return t("none", { title });
      case "pair":
        return t("pair", {
          title,
          run: summary.run,
          step: spokenCount(locale, summary.step),
          train: say(summary.train),
          val: say(summary.val),
        });
      case "one":
        return t("one", {
          title,
          run: summary.run,
          step: spokenCount(locale, summary.step),
          value: say(summary.value),
        });
      case "many":
        return t("many", {
          title,
          count: summary.count,
          key: summary.metric,
          low: say(summary.low),
          lowRun: summary.lowRun,
          high: say(summary.high),
          highRun: summary.highRun,
        });
    }
  };
  return (
    <p id={id} className="sr-only">
      {sentence()}
    </p>
  );
}
