import { logTicks } from "@/features/comparison/scatter-shape";
import { niceTicks } from "@/features/metrics/nice-ticks";

/** Val accuracy (0 … 1) with its interval, for so many train images. */
export interface CurvePoint {
  images: number;
  estimate: number;
  low: number;
  high: number;
}

export interface CurveShape {
  dots: { x: number; y: number; top: number; bottom: number }[];
  /** Paths of the fitted curve and of its band; empty without a fit. */
  line: string;
  band: string;
  xTicks: { x: number; images: number }[];
  yTicks: { y: number; share: number }[];
  plot: { left: number; right: number; top: number; bottom: number };
}

const margins = { left: 52, right: 24, top: 14, bottom: 36 };

/** Places for accuracy over the number of train images, on a logarithmic axis: there a power law of the error is nearly straight. */
export function curveShape(
  points: readonly CurvePoint[],
  forecast: readonly CurvePoint[],
  width: number,
  height: number,
): CurveShape | null {
  const all = [...points, ...forecast];
  if (all.length === 0) return null;
  const plot = { left: margins.left, right: width - margins.right, top: margins.top, bottom: height - margins.bottom };
  const logs = all.map(({ images }) => Math.log10(images));
  const [logLow, logHigh] = [Math.min(...logs) - 0.05, Math.max(...logs) + 0.05];
  const bounds = [...points.flatMap(({ low, high }) => [low, high]), ...forecast.map(({ estimate }) => estimate)];
  const room = Math.max(0.01, (Math.max(...bounds) - Math.min(...bounds)) * 0.06);
  const [bottom, top] = [Math.max(0, Math.min(...bounds) - room), Math.min(1, Math.max(...bounds) + room)];
  const x = (images: number) =>
    plot.left + ((Math.log10(images) - logLow) / (logHigh - logLow)) * (plot.right - plot.left);
  // A band wider than the picture is cut at its edge.
  const y = (share: number) =>
    plot.bottom - ((Math.min(Math.max(share, bottom), top) - bottom) / (top - bottom)) * (plot.bottom - plot.top);
  const path = (of: (point: CurvePoint) => number, way: readonly CurvePoint[]) =>
    way.map((point) => `${x(point.images).toFixed(1)} ${y(of(point)).toFixed(1)}`).join("L");
  return {
    dots: points.map(({ images, estimate, low, high }) => ({
      x: x(images),
      y: y(estimate),
      top: y(high),
      bottom: y(low),
    })),
    line: forecast.length > 0 ? `M${path(({ estimate }) => estimate, forecast)}` : "",
    band:
      forecast.length > 0
        ? `M${path(({ high }) => high, forecast)}L${path(({ low }) => low, forecast.toReversed())}Z`
        : "",
    xTicks: logTicks(10 ** logLow, 10 ** logHigh).map((images) => ({ x: x(images), images })),
    yTicks: niceTicks(bottom * 100, top * 100, 5).map((percent) => ({ y: y(percent / 100), share: percent / 100 })),
    plot,
  };
}
