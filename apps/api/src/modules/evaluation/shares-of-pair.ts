import { areInPercent, type MetricPair, measureOf } from "@residual/shared";
import type { PairedPoint } from "./join-pair.js";

/** A pair's points as shares of 1, higher is better: percent are divided, an error rate e becomes 1 − e. Points that are no shares are left out. */
export function sharesOf(pair: MetricPair, points: readonly PairedPoint[]): PairedPoint[] {
  const largest = points.flatMap(({ train, val }) => [train, val]).filter(Number.isFinite);
  const unit = areInPercent(largest.reduce((most, value) => Math.max(most, value), 0)) ? 100 : 1;
  const isError = measureOf(pair) === "ERROR";
  const share = (value: number) => (isError ? 1 - value / unit : value / unit);
  return points
    .map((point) => ({ ...point, train: share(point.train), val: share(point.val) }))
    .filter(({ train, val }) => isFraction(train) && isFraction(val));
}

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}
