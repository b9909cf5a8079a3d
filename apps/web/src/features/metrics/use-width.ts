"use client";
import { type RefObject, useEffect, useState } from "react";

/** The width of an element in CSS pixels, followed as it changes; `initial` until it is known. */
export function useWidth(place: RefObject<HTMLElement | null>, initial: number): number {
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(1, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
