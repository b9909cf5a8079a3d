"use client";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

/** A step of the breadcrumb; the last one is the page itself and needs no address. */
export interface TrailStep {
  label: string;
  href?: string;
}

const TrailContext = createContext<{ trail: TrailStep[]; setTrail: (trail: TrailStep[]) => void }>({
  trail: [],
  setTrail: () => {},
});

export function PageTrailProvider({ children }: { children: ReactNode }) {
  const [trail, setTrail] = useState<TrailStep[]>([]);
  return <TrailContext value={{ trail, setTrail }}>{children}</TrailContext>;
}

/** The breadcrumb of the page on screen. */
export function usePageTrail(): TrailStep[] {
  return useContext(TrailContext).trail;
}

/** Rendered by a page: tells the top bar where we are, and names the browser's tab. */
export function PageTrail({ steps }: { steps: TrailStep[] }) {
  const { setTrail } = useContext(TrailContext);
  const key = JSON.stringify(steps);
  useEffect(() => {
    const trail = JSON.parse(key) as TrailStep[];
    setTrail(trail);
    const last = trail.at(-1)?.label;
    document.title = last ? `${last} · Residual` : "Residual";
  }, [key, setTrail]);
  return null;
}
