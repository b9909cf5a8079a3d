"use client";
import { useEffect, useRef, useSyncExternalStore } from "react";

/** Something that the page on screen can do, offered in the palette while it is there. */
export interface PageAction {
  key: string;
  label: string;
  run: () => void;
}

const none: PageAction[] = [];
let actions: PageAction[] = none;
const listeners = new Set<() => void>();

function set(next: PageAction[]): void {
  actions = next;
  for (const listener of listeners) listener();
}

/** Offers an action in the palette while the component is on screen; null offers nothing. */
export function usePageAction(key: string, label: string, run: (() => void) | null): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const isOffered = run !== null;
  useEffect(() => {
    if (!isOffered) return;
    const action: PageAction = { key, label, run: () => latest.current?.() };
    set([...actions, action]);
    return () => set(actions.filter((other) => other !== action));
  }, [key, label, isOffered]);
}

export function usePageActions(): PageAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => actions,
    () => none,
  );
}
