"use client";
import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { fileName, saveFile } from "@/lib/save-file";
import { showToast } from "@/lib/toast";
import { IconButton } from "@/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import type { ChartRun } from "./chart-lines";
import { chartPicture } from "./chart-picture";
import type { Scene } from "./chart-scene";
import { metricCsv } from "./metric-csv";
import type { MetricLine } from "./metric-lines";
import { keysOf } from "./run-keys";
import { seriesQuery } from "./series-query";
import type { SeriesStore } from "./series-store";

/** Points of a series in a download: as many as the API gives in one answer. */
const downloadedPoints = 10_000;

/** What else a chart can be: a table, a file, a picture, a query. */
export function ChartMenu({
  title,
  runs,
  lines,
  store,
  latest,
  canvas,
  isTable,
  onTable,
}: {
  title: string;
  runs: ChartRun[];
  lines: MetricLine[];
  store: SeriesStore;
  latest: RefObject<Scene>;
  canvas: () => HTMLCanvasElement | null;
  isTable: boolean;
  onTable: () => void;
}) {
  const t = useTranslations("metrics");
  const request = (maxPoints: number) => ({
    runs: runs.map(({ id }) => id),
    keys: keysOf(runs, lines),
    maxPoints,
  });

  const saveCsv = async () => {
    try {
      const parts = await store.range(request(downloadedPoints));
      saveFile(fileName(title, "csv"), new Blob([metricCsv(parts, runs)], { type: "text/csv" }));
    } catch {
      showToast(t("state.failed"), { tone: "bad" });
    }
  };
  const savePicture = async () => {
    const chart = canvas();
    if (!chart) return;
    const style = getComputedStyle(document.documentElement);
    const entries = latest.current.lines
      .slice(0, 12)
      .map(({ run, key }) => ({ color: run.color, label: `${run.name} · ${key}` }));
    const look = {
      ground: style.getPropertyValue("--ground"),
      ink: style.getPropertyValue("--ink"),
      font: getComputedStyle(document.body).fontFamily,
    };
    saveFile(fileName(title, "png"), await chartPicture(chart, title, entries, look));
  };
  const copyQuery = async () => {
    await navigator.clipboard.writeText(seriesQuery(request(1000)));
    showToast(t("menu.queryCopied"));
  };

  return (
    <span data-print="hide">
      <Menu trigger={<IconButton icon="more" label={t("menu.label", { title })} />}>
        <MenuItem icon={isTable ? "run" : "sidebar"} onSelect={onTable}>
          {t(isTable ? "menu.chart" : "menu.table")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon="download" onSelect={() => void saveCsv()}>
          {t("menu.csv")}
        </MenuItem>
        <MenuItem icon="download" disabled={isTable} onSelect={() => void savePicture()}>
          {t("menu.png")}
        </MenuItem>
        <MenuItem icon="copy" onSelect={() => void copyQuery()}>
          {t("menu.query")}
        </MenuItem>
      </Menu>
    </span>
  );
}
