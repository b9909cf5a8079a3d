/** What the horizontal axis counts: optimizer steps, passes over the train split, or seconds since the run's first point. */
export const chartAxes = ["step", "epoch", "time"] as const;
export type ChartAxis = (typeof chartAxes)[number];

/** How the charts of a page look at their series. It lives in the URL, so that a link shows the same picture. */
export interface ChartView {
  axis: ChartAxis;
  /** Weight of the moving average, 0 (none) to 0.99. */
  smoothing: number;
  /** Logarithmic vertical axis. */
  log: boolean;
  /** Shown range of the horizontal axis in its own unit; null shows all. */
  zoom: [from: number, to: number] | null;
  /** Numbers instead of pictures. */
  table: boolean;
}

export const defaultChartView: ChartView = { axis: "step", smoothing: 0, log: false, zoom: null, table: false };

const maximumSmoothing = 0.99;

/** Reads a view from a query string; what makes no sense falls back to its default, since anyone can edit a URL. */
export function readChartView(query: URLSearchParams): ChartView {
  const axis = chartAxes.find((candidate) => candidate === query.get("x")) ?? defaultChartView.axis;
  const smoothing = Number(query.get("smooth"));
  return {
    axis,
    smoothing: smoothing > 0 ? Math.min(smoothing, maximumSmoothing) : 0,
    log: query.get("log") === "1",
    zoom: readZoom(query.get("zoom")),
    table: query.get("table") === "1",
  };
}

function readZoom(text: string | null): ChartView["zoom"] {
  const [from, to] = (text ?? "").split("~").map((part) => (part === "" ? Number.NaN : Number(part)));
  if (from === undefined || to === undefined || !Number.isFinite(from) || !Number.isFinite(to)) return null;
  return from < to ? [from, to] : null;
}

/**
 * The search parameters that turn one view into another; null removes one, since defaults leave no trace. A zoom does not outlive
 * the axis it was made on.
 */
export function chartViewParams(before: ChartView, change: Partial<ChartView>): Record<string, string | null> {
  const view = { ...before, ...change };
  if (view.axis !== before.axis && change.zoom === undefined) view.zoom = null;
  return {
    x: view.axis === defaultChartView.axis ? null : view.axis,
    smooth: view.smoothing > 0 ? String(view.smoothing) : null,
    log: view.log ? "1" : null,
    zoom: view.zoom === null ? null : view.zoom.map((bound) => Number(bound.toPrecision(8))).join("~"),
    table: view.table ? "1" : null,
  };
}
