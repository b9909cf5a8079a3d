"use client";
import { useTranslations } from "next-intl";
import type { ChartLine, ChartRun } from "./chart-lines";
import { LineSwatch } from "./line-swatch";
import { type MetricLine, splitOf } from "./metric-lines";
import { factorOf, keyOf } from "./run-keys";

const namedRuns = 4;

/** What dash means which split, and what colour which run while they are few; many runs have their dots in the table beside. */
export function ChartLegend({
  runs,
  lines,
  drawn,
}: {
  runs: ChartRun[];
  lines: MetricLine[];
  /** What the chart holds: a running metric is named only where one was logged. */
  drawn: readonly ChartLine[];
}) {
  const t = useTranslations("metrics");
  const percent = runs.flatMap((run) =>
    lines.some((line) => factorOf(run, keyOf(run, line)) !== 1) ? [run.name] : [],
  );
  const shown = lines.filter(({ style }) => style !== "faint" || drawn.some((line) => line.style === "faint"));
  const color = runs.length === 1 ? runs[0]!.color : "currentColor";
  return (
    <span className="flex flex-wrap items-center gap-x-3 text-xs text-ink-2">
      {lines.length > 1 &&
        shown.map(({ key, style }) => (
          <span key={key} className="flex items-center gap-1.5">
            <LineSwatch color={color} style={style} />
            {splitName(key, style === "faint", t)}
          </span>
        ))}
      {runs.length > 1 &&
        runs.length <= namedRuns &&
        runs.map((run) => (
          <span key={run.id} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="size-2 rounded-full" style={{ background: run.color }} />
            {run.name}
          </span>
        ))}
      {percent.length > 0 && <span className="text-ink-3">{t("percent", { runs: percent.join(", ") })}</span>}
    </span>
  );
}

function splitName(key: string, isRunning: boolean, t: ReturnType<typeof useTranslations<"metrics">>): string {
  const split = splitOf(key);
  if (isRunning) return t("split.running");
  return split === "train" || split === "val" || split === "test" ? t(`split.${split}`) : key;
}
