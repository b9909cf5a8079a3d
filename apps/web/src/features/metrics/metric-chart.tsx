"use client";
import { useLocale, useTranslations } from "next-intl";
import { useTheme } from "next-themes";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Button } from "@/ui/button";
import { ChartLegend } from "./chart-legend";
import type { ChartRun } from "./chart-lines";
import { ChartMenu } from "./chart-menu";
import type { SceneSetup } from "./chart-scene";
import { ChartSummaryText } from "./chart-summary-text";
import { HoverList } from "./hover-list";
import { type HoverRow, hoverRows } from "./hover-rows";
import "./metric-chart.css";
import { ChartState } from "./chart-state";
import { type ChartMetric, linesOf, unitOf } from "./metric-lines";
import { MetricTable } from "./metric-table";
import { paintLines } from "./paint-lines";
import { keysOf } from "./run-keys";
import { useChartView } from "./use-chart-view";
import { useScene } from "./use-scene";
import { useSeriesStore } from "./use-series-store";
import { useStepsPerEpoch } from "./use-steps-per-epoch";
import { redrawPlot, useUplot } from "./use-uplot";
import { horizontalTick, loggedValue, verticalTick } from "./value-format";

export interface MetricChartProps {
  runs: ChartRun[];
  metric: ChartMetric;
  /** Height of the plotting area with its axes, in CSS pixels. */
  height?: number;
  /** Charts with the same key share their crosshair. */
  syncKey?: string;
}

interface Hover {
  x: number;
  side: "left" | "right";
  rows: HoverRow[];
}

/**
 * One metric of some runs, live: train solid, val dashed, colour by run. Axis, smoothing, zoom and the choice of chart or table come
 * from the URL and are shared by all charts of a page.
 */
export function MetricChart({ runs, metric, height = 220, syncKey = "charts" }: MetricChartProps) {
  const t = useTranslations("metrics");
  const locale = useLocale();
  const { resolvedTheme } = useTheme();
  const [view, changeView] = useChartView();
  const [asTable, setAsTable] = useState<boolean | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const isPointed = useRef(false);
  const summaryId = useId();

  const runList = JSON.stringify(runs);
  const lines = useMemo(() => linesOf(metric, runs.length), [metric, runs.length]);
  const ids = runs.map(({ id }) => id);
  const store = useSeriesStore(ids, keysOf(runs, lines));
  const stepsPerEpoch = useStepsPerEpoch(ids, view.axis === "epoch");
  const setup = useMemo<SceneSetup>(
    () => ({ runs: JSON.parse(runList) as ChartRun[], lines, view, stepsPerEpoch }),
    [runList, lines, view, stepsPerEpoch],
  );

  const unit = unitOf(metric);
  const title = titleOf(metric, t);
  const { latest, picture } = useScene(store, setup, () => redrawPlot(plot.current));
  const showHover = (chart: uPlot) => {
    const left = chart.cursor.left ?? -1;
    if (left < 0 || !isPointed.current) return setHover(null);
    const x = chart.posToVal(left, "x");
    const [from, to] = latest.current.x;
    const rows = hoverRows(latest.current.lines, x, (to - from) / 50);
    setHover(rows.length === 0 ? null : { x, rows, side: left > chart.over.clientWidth / 2 ? "left" : "right" });
  };
  const plot = useUplot(
    place,
    () => {
      const style = getComputedStyle(document.documentElement);
      return {
        height,
        axis: view.axis,
        log: view.log,
        syncKey,
        ink: style.getPropertyValue("--ink-3"),
        grid: style.getPropertyValue("--line"),
        font: `11px ${getComputedStyle(document.body).fontFamily}`,
        tickX: (value) => horizontalTick(locale, view.axis, value),
        tickY: (value, step) => verticalTick(locale, unit, value, view.log ? 0 : step),
        stepsY: unit === "bytes" ? powersOfTwo : undefined,
      };
    },
    {
      ranges: () => latest.current,
      paint: (chart) => paintLines(chart, latest.current.lines, latest.current.gap),
      onCursor: showHover,
      onZoom: (from, to) => changeView({ zoom: [from, to] }),
      onReset: () => changeView({ zoom: null }),
    },
    JSON.stringify([view.axis, view.log, height, locale, resolvedTheme, syncKey, unit]),
  );

  const showTable = asTable ?? view.table;
  const onKeyDown = (event: KeyboardEvent) => {
    const chart = plot.current;
    if (!chart || event.target !== event.currentTarget) return;
    const stride = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (stride !== undefined) {
      const width = chart.over.clientWidth;
      const from = (chart.cursor.left ?? -1) < 0 ? width / 2 : chart.cursor.left!;
      isPointed.current = true;
      chart.setCursor({ left: Math.min(width, Math.max(0, from + stride * width)), top: 1 });
    } else if (event.key === "Escape" && view.zoom) changeView({ zoom: null });
    else return;
    event.preventDefault();
  };

  return (
    <figure
      aria-label={title}
      aria-describedby={summaryId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a chart that is read with the arrow keys must be reachable by key
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => setHover(null)}
      className="min-w-0"
    >
      <figcaption className="flex min-h-8 items-start gap-x-3">
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 pt-1.5">
          <span className="text-sm font-medium">{title}</span>
          <ChartLegend runs={runs} lines={lines} drawn={picture.scene.lines} />
        </span>
        {view.zoom && (
          <Button look="quiet" icon="undo" onClick={() => changeView({ zoom: null })} data-print="hide">
            {t("controls.resetZoom")}
          </Button>
        )}
        <ChartMenu
          title={title}
          runs={runs}
          lines={lines}
          store={store}
          latest={latest}
          canvas={() => plot.current?.ctx.canvas ?? null}
          isTable={showTable}
          onTable={() => setAsTable(!showTable)}
        />
      </figcaption>
      <ChartSummaryText id={summaryId} title={title} scene={picture.scene} unit={unit} />
      {showTable && <MetricTable scene={picture.scene} height={height} unit={unit} showRun={runs.length > 1} />}
      <div className={showTable ? "hidden" : "relative"} style={{ height }}>
        <div
          ref={place}
          aria-hidden="true"
          className="size-full"
          onPointerEnter={() => {
            isPointed.current = true;
          }}
          onPointerLeave={() => {
            isPointed.current = false;
            setHover(null);
          }}
        />
        <ChartState status={picture.status} onRetry={() => store.retry()} />
        {hover && (
          <HoverList
            at={t(`hover.at.${view.axis}`, {
              x: horizontalTick(locale, view.axis, view.axis === "step" ? Math.round(hover.x) : hover.x),
            })}
            rows={hover.rows}
            side={hover.side}
            showRun={runs.length > 1}
            say={(value) => loggedValue(locale, unit, value)}
          />
        )}
      </div>
    </figure>
  );
}

const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power);

const namedMetrics = ["accuracy", "loss", "throughput"] as const;

/** A chart's title: the word for a named pair of splits, else the key as it was logged. */
function titleOf(metric: ChartMetric, t: ReturnType<typeof useTranslations<"metrics">>): string {
  const named = namedMetrics.find((name) => name === metric);
  return named ? t(`title.${named}`) : metric;
}
