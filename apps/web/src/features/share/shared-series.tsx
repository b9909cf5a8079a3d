"use client";
import { MetricChart } from "@/features/metrics/metric-chart";
import type { SharedStateFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";

/** Lines that a chart can hold and still be read. */
const mostLines = 40;

/** Accuracy and loss of shared runs: beside each other where there is room, in a frame sooner. height: of each chart, in CSS pixels. */
export function SharedSeries({
  runs,
  height,
  isFramed = false,
}: {
  runs: SharedStateFragment["runs"];
  height: number;
  isFramed?: boolean;
}) {
  const drawn = runs.slice(0, mostLines).map(({ id, name, curves }) => ({ id, name, curves, color: runColor(id) }));
  return (
    <div className={isFramed ? "grid gap-4 sm:grid-cols-2" : "grid gap-6 lg:grid-cols-2"}>
      <MetricChart runs={drawn} metric="accuracy" height={height} />
      <MetricChart runs={drawn} metric="loss" height={height} />
    </div>
  );
}
