import type uPlot from "uplot";
import type { ChartAxis } from "./chart-view";

/** How a plot looks: fixed while it lives. */
export interface PlotLook {
  height: number;
  axis: ChartAxis;
  log: boolean;
  /** Charts with the same key share their crosshair. */
  syncKey: string;
  ink: string;
  grid: string;
  font: string;
  tickX: (value: number) => string;
  tickY: (value: number, step: number) => string;
  /** Steps that the vertical axis may be divided by; absent: uPlot's round decimals. */
  stepsY?: number[];
}

/** What a plot asks and tells while it lives. */
export interface PlotEvents {
  ranges: () => { x: [number, number]; y: [number, number] };
  paint: (plot: uPlot) => void;
  onCursor: (plot: uPlot) => void;
  onZoom: (from: number, to: number) => void;
  onReset: () => void;
}

/** Seconds that a time axis may be divided by: no tick at 1,000 s. */
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/**
 * The frame of a chart: scales, axes, crosshair and drag-to-zoom are uPlot's; the lines are painted by `paint` straight from the
 * store's typed arrays, because every run has its own steps and uPlot would have to join them into one column first.
 */
export function plotOptions(look: PlotLook, events: PlotEvents, width: number): uPlot.Options {
  const line = { stroke: look.grid, width: 1 };
  const axis = {
    stroke: look.ink,
    font: look.font,
    grid: line,
    ticks: { ...line, size: 4 },
    border: { show: false },
  };
  return {
    width,
    height: look.height,
    legend: { show: false },
    padding: [8, 18, 0, 0],
    scales: {
      x: { time: false, range: () => events.ranges().x },
      y: { distr: look.log ? 3 : 1, range: () => events.ranges().y },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 4,
        space: 64,
        ...(look.axis === "time" && { incrs: timeSteps }),
        values: (_, splits) => splits.map((value) => (value === null ? "" : look.tickX(value))),
      },
      {
        ...axis,
        size: (_, values) => Math.max(44, 14 + 6.5 * Math.max(0, ...(values ?? []).map((value) => value.length))),
        gap: 4,
        space: 32,
        ...(look.stepsY && { incrs: look.stepsY }),
        values: (_, splits, __, ___, step) =>
          splits.map((value) => (value === null || (look.log && !isRoundInLog(value)) ? "" : look.tickY(value, step))),
      },
    ],
    series: [{}, { scale: "y", paths: () => null, points: { show: false } }],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: 6 },
      // A selection belongs to the chart it is drawn in; only the crosshair is shared.
      sync: {
        key: look.syncKey,
        scales: ["x", null],
        filters: { pub: isMove, sub: isMove },
      },
      bind: {
        dblclick: () => () => {
          events.onReset();
          return null;
        },
      },
    },
    hooks: {
      draw: [events.paint],
      setCursor: [events.onCursor],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width <= 0) return;
          const from = plot.posToVal(left, "x");
          const to = plot.posToVal(left + width, "x");
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          events.onZoom(from, to);
        },
      ],
    },
  };
}

/** 1, 2 and 5 times a power of ten: uPlot also divides a logarithmic axis at its ends and in between. */
function isRoundInLog(value: number): boolean {
  const mantissa = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5].some((round) => Math.abs(mantissa - round) < 1e-6);
}

function isMove(type: string): boolean {
  return type === "mousemove" || type === "mouseleave";
}
