import { useSyncExternalStore } from "react";

/** What the top bar says about live data. lastPointAt: when the newest point arrived here, ms since epoch. */
export interface LiveConnection {
  state: "idle" | "connecting" | "connected" | "reconnecting";
  lastPointAt: number | null;
}

const initial: LiveConnection = { state: "idle", lastPointAt: null };
let current = initial;
const listeners = new Set<() => void>();

function update(change: Partial<LiveConnection>): void {
  current = { ...current, ...change };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called by the WebSocket client as its connection changes. */
export function noteConnection(state: LiveConnection["state"]): void {
  if (state !== current.state) update({ state });
}

/** Called by whoever receives metric points, so that the indicator can show their age. Once a second is enough for that. */
export function notePoints(now = Date.now()): void {
  if (current.lastPointAt === null || now - current.lastPointAt >= 1000) update({ lastPointAt: now });
}

/** The state of the live connection, re-rendering when it changes. */
export function useLiveConnection(): LiveConnection {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => initial,
  );
}
