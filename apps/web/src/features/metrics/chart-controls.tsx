"use client";
import { useTranslations } from "next-intl";
import { useShortcut } from "@/lib/shortcuts";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { Checkbox, Select } from "@/ui/field";
import { type ChartAxis, chartAxes } from "./chart-view";
import { useChartView } from "./use-chart-view";

const axisNames = { step: "controls.axisStep", epoch: "controls.axisEpoch", time: "controls.axisTime" } as const;

/** How all charts of the page look: axis, smoothing, logarithm, zoom. A page with charts shows it once. */
export function ChartControls() {
  const t = useTranslations("metrics");
  const format = useFormat();
  const [view, change] = useChartView();
  useShortcut("t", t("keys.table"), () => change({ table: !view.table }));
  return (
    <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm" data-print="hide">
      <legend className="sr-only">{t("controls.label")}</legend>
      <span className="flex items-center gap-2 text-ink-2">
        <span aria-hidden="true" className="whitespace-nowrap">
          {t("controls.axis")}
        </span>
        <Select
          aria-label={t("controls.axis")}
          className="max-w-28"
          value={view.axis}
          onChange={(event) => change({ axis: event.target.value as ChartAxis })}
        >
          {chartAxes.map((axis) => (
            <option key={axis} value={axis}>
              {t(axisNames[axis])}
            </option>
          ))}
        </Select>
      </span>
      <label className="flex items-center gap-2 text-ink-2">
        {t("controls.smoothing")}
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={view.smoothing}
          onChange={(event) => change({ smoothing: Number(event.target.value) })}
          className="w-28 accent-accent"
        />
        <output className="tabular w-8">{format.decimal(view.smoothing, 2)}</output>
      </label>
      <Checkbox
        label={t("controls.log")}
        checked={view.log}
        onChange={(event) => change({ log: event.target.checked })}
      />
      {view.zoom && (
        <Button look="quiet" icon="undo" onClick={() => change({ zoom: null })}>
          {t("controls.resetZoom")}
        </Button>
      )}
    </fieldset>
  );
}
