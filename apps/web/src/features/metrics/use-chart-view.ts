"use client";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { setSearchParams } from "@/lib/use-url-state";
import { type ChartView, chartViewParams, readChartView } from "./chart-view";

/** The view that all charts of a page share, and how to change it. A zoom is a step back in the browser's history. */
export function useChartView(): [ChartView, (change: Partial<ChartView>) => void] {
  const query = useSearchParams();
  const view = useMemo(() => readChartView(new URLSearchParams(query)), [query]);
  const change = useCallback(
    (next: Partial<ChartView>) =>
      setSearchParams(chartViewParams(view, next), next.zoom === undefined ? "replace" : "push"),
    [view],
  );
  return [view, change];
}
