import { niceTicks } from "@/features/metrics/nice-ticks";
import type { CostPoint } from "./cost-front";
import type { Box } from "./place-labels";

export interface ScatterDot {
  point: CostPoint;
  x: number;
  y: number;
  top: number;
  bottom: number;
}

export interface ScatterShape {
  dots: ScatterDot[];
  front: string;
  /** Where that line runs, for what has to keep clear of it. */
  frontLines: Box[];
  xTicks: { x: number; cost: number }[];
  yTicks: { y: number; share: number }[];
  plot: { left: number; right: number; top: number; bottom: number };
}

const margins = { left: 52, right: 24, top: 14, bottom: 36 };

/** Places for a scatter of accuracy over cost; the cost axis is logarithmic, since ViT-L has 26 times the parameters of ResNet-18. */
export function scatterShape(points: CostPoint[], width: number, height: number): ScatterShape | null {
  if (points.length === 0) return null;
  const plot = { left: margins.left, right: width - margins.right, top: margins.top, bottom: height - margins.bottom };
  const logs = points.map(({ cost }) => Math.log10(cost));
  const [logLow, logHigh] = [Math.min(...logs) - 0.15, Math.max(...logs) + 0.15];
  const bounds = points.flatMap(({ accuracy, low, high }) => [accuracy, low ?? accuracy, high ?? accuracy]);
  const room = Math.max(0.01, (Math.max(...bounds) - Math.min(...bounds)) * 0.06);
  const [bottom, top] = [Math.max(0, Math.min(...bounds) - room), Math.min(1, Math.max(...bounds) + room)];
  const x = (cost: number) => plot.left + ((Math.log10(cost) - logLow) / (logHigh - logLow)) * (plot.right - plot.left);
  const y = (share: number) => plot.bottom - ((share - bottom) / (top - bottom)) * (plot.bottom - plot.top);
  const dots = points.map((point) => ({
    point,
    x: x(point.cost),
    y: y(point.accuracy),
    top: y(point.high ?? point.accuracy),
    bottom: y(point.low ?? point.accuracy),
  }));
  // A step at each run of the front: between two of them, the cheaper one is what can be had.
  const onFront = dots.filter(({ point }) => point.isOnFront);
  const steps = onFront.map((dot, index) =>
    index === 0 ? `M${dot.x.toFixed(1)} ${dot.y.toFixed(1)}` : `H${dot.x.toFixed(1)}V${dot.y.toFixed(1)}`,
  );
  return {
    dots,
    front: steps.length > 0 ? `${steps.join("")}H${plot.right}` : "",
    frontLines: onFront.flatMap(({ x: from, y: level }, index) => {
      const next = onFront[index + 1];
      const across = { left: from, right: next?.x ?? plot.right, top: level - 1, bottom: level + 1 };
      if (!next) return [across];
      const [high, low] = [Math.min(level, next.y), Math.max(level, next.y)];
      return [across, { left: next.x - 1, right: next.x + 1, top: high, bottom: low }];
    }),
    xTicks: logTicks(10 ** logLow, 10 ** logHigh).map((cost) => ({ x: x(cost), cost })),
    yTicks: niceTicks(bottom * 100, top * 100, 5).map((percent) => ({ y: y(percent / 100), share: percent / 100 })),
    plot,
  };
}

/** 1, 2 and 5 times powers of ten between two bounds; powers of ten alone where that were too many. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks.length <= 7
    ? ticks
    : ticks.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
}
