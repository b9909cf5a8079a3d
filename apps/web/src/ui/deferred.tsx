"use client";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/** A component that comes over the wire when it is first shown; `prepare` fetches it before. */
export type Deferred<Props> = ((props: Props) => ReactNode) & { prepare: () => void };

/**
 * As React's lazy, but without Suspense, which holds back whatever was fetched for 300 ms: too long for a menu or a palette. Until the component
 * is here, `whileLoading` stands in its place.
 */
export function deferred<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  whileLoading: (props: Props) => ReactNode = () => null,
): Deferred<Props> {
  let Loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const fetchOnce = () => {
    loading ??= load().then(
      (component) => {
        Loaded = component;
      },
      () => {
        // The server was away; the next attempt asks again.
        loading = null;
      },
    );
    return loading;
  };
  function Placed(props: Props) {
    const [, setArrived] = useState(Loaded !== null);
    useEffect(() => {
      if (Loaded === null) void fetchOnce().then(() => setArrived(true));
    }, []);
    return Loaded ? <Loaded {...props} /> : whileLoading(props);
  }
  return Object.assign(Placed, { prepare: () => void fetchOnce() });
}
