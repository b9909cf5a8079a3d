"use client";
import { type RefObject, useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { type PlotEvents, type PlotLook, plotOptions } from "./chart-plot";

type PlotClass = typeof uPlot;

/**
 * Puts a uPlot into `place` and keeps its size. uPlot is fetched when the first chart mounts: it needs a window, and pages without a
 * chart need not carry it. The plot is made anew when `identity` changes, which names all that `look` depends on; events always reach the newest `events`.
 */
export function useUplot(
  place: RefObject<HTMLDivElement | null>,
  look: () => PlotLook,
  events: PlotEvents,
  identity: string,
): RefObject<uPlot | null> {
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ look, events });
  useEffect(() => {
    latest.current = { look, events };
  });
  const [Plot, setPlot] = useState<PlotClass | null>(null);

  useEffect(() => {
    let isMounted = true;
    void import("uplot").then((module) => {
      if (isMounted) setPlot(() => module.default);
    });
    return () => {
      isMounted = false;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: identity stands for everything that look depends on
  useEffect(() => {
    const element = place.current;
    if (!Plot || !element) return;
    const made = new Plot(
      plotOptions(latest.current.look(), relay(latest), widthOf(element)),
      placeholderData,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: widthOf(element), height: made.height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [Plot, identity]);

  return plot;
}

function widthOf(element: HTMLElement): number {
  return Math.max(1, element.clientWidth);
}

function relay(latest: RefObject<{ events: PlotEvents }>): PlotEvents {
  return {
    ranges: () => latest.current.events.ranges(),
    paint: (plot) => latest.current.events.paint(plot),
    onCursor: (plot) => latest.current.events.onCursor(plot),
    onZoom: (from, to) => latest.current.events.onZoom(from, to),
    onReset: () => latest.current.events.onReset(),
  };
}

/** uPlot wants data to have scales; lines are painted from the store, ranges are given. */
const placeholderData: uPlot.AlignedData = [
  [0, 1],
  [0, 1],
];

/** Draws a plot anew, with the ranges and lines of this moment. */
export function redrawPlot(plot: uPlot | null): void {
  plot?.setData(placeholderData);
}
