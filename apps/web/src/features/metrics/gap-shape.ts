import { niceTicks } from "./nice-ticks";

/** A gap over the evaluations of a run; values are shares (0.12 = 12 percentage points) or losses, bounds NaN where there is no interval. */
export interface GapCurve {
  epochs: number[];
  gaps: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export interface GapShape {
  line: string;
  band: string;
  dots: { x: number; y: number; epoch: number; gap: number }[];
  zero: number;
  placeOfEpoch: (epoch: number) => number;
  xTicks: { x: number; epoch: number }[];
  yTicks: { y: number; gap: number }[];
  plot: { left: number; right: number; top: number; bottom: number };
}

const margins = { left: 44, right: 12, top: 20, bottom: 30 };

/** What a gap is drawn in, and the smallest vertical range of it: noise must not look like a mountain. */
const scales = { points: { factor: 100, leastRange: 4 }, loss: { factor: 1, leastRange: 0.1 } } as const;

/** Geometry of the gap chart in CSS pixels, its gaps in percentage points or in units of the loss; null without a finite gap. */
export function gapShape(
  curve: GapCurve,
  width: number,
  height: number,
  unit: keyof typeof scales = "points",
): GapShape | null {
  const { factor, leastRange } = scales[unit];
  const rows = curve.epochs.map((epoch, row) => ({
    epoch,
    gap: curve.gaps[row]! * factor,
    low: curve.low[row]! * factor,
    high: curve.high[row]! * factor,
  }));
  const known = rows.filter(({ gap }) => Number.isFinite(gap));
  if (known.length === 0) return null;
  const plot = { left: margins.left, right: width - margins.right, top: margins.top, bottom: height - margins.bottom };
  const values = known.flatMap(({ gap, low, high }) => [gap, low, high]).filter(Number.isFinite);
  let bottom = Math.min(0, ...values);
  let top = Math.max(0, ...values);
  const missing = leastRange - (top - bottom);
  if (missing > 0) top += missing;
  const room = (top - bottom) * 0.05;
  bottom -= room;
  top += room;
  const firstEpoch = known.length === 1 ? 0 : known[0]!.epoch;
  const lastEpoch = Math.max(known.at(-1)!.epoch, firstEpoch + 1e-9);
  const x = (epoch: number) => plot.left + ((epoch - firstEpoch) / (lastEpoch - firstEpoch)) * (plot.right - plot.left);
  const y = (points: number) => plot.bottom - ((points - bottom) / (top - bottom)) * (plot.bottom - plot.top);
  const path = (places: [number, number][]) => places.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L");
  const bounded = known.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  const upper = bounded.map(({ epoch, high }): [number, number] => [x(epoch), y(high)]);
  const lower = bounded.map(({ epoch, low }): [number, number] => [x(epoch), y(low)]).reverse();
  return {
    line: `M${path(known.map(({ epoch, gap }) => [x(epoch), y(gap)]))}`,
    band: bounded.length > 1 ? `M${path([...upper, ...lower])}Z` : "",
    dots: known.map(({ epoch, gap }) => ({ x: x(epoch), y: y(gap), epoch, gap })),
    zero: y(0),
    placeOfEpoch: x,
    xTicks: niceTicks(firstEpoch, lastEpoch, Math.max(2, Math.floor((plot.right - plot.left) / 64))).map((epoch) => ({
      x: x(epoch),
      epoch,
    })),
    yTicks: niceTicks(bottom, top, 4).map((gap) => ({ y: y(gap), gap })),
    plot,
  };
}
