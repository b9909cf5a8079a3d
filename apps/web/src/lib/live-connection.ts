import { useSyncExternalStore } from "react";

/**
 * What the frame says about live data. lastPointAt: when the newest point arrived here; brokenSince: since when the connection is gone that
 * was there; caughtUp: when points came that the server could not deliver for so many ms before (times in ms since epoch).
 */
export interface LiveConnection {
  state: "idle" | "connecting" | "connected" | "reconnecting";
  lastPointAt: number | null;
  brokenSince: number | null;
  caughtUp: { at: number; afterMs: number } | null;
}

const initial: LiveConnection = { state: "idle", lastPointAt: null, brokenSince: null, caughtUp: null };
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
export function noteConnection(state: LiveConnection["state"], now = Date.now()): void {
  if (state === current.state) return;
  update({ state, brokenSince: state === "reconnecting" ? (current.brokenSince ?? now) : null });
}

/** Called by whoever receives metric points, so that the indicator can show their age. Once a second is enough for that. */
export function notePoints(now = Date.now()): void {
  if (current.lastPointAt === null || now - current.lastPointAt >= 1000) update({ lastPointAt: now });
}

/** Called when points arrive of which the server says that this page has been waiting for them since `behindSince`, without reading. */
export function noteCaughtUp(behindSince: number, now = Date.now()): void {
  update({ caughtUp: { at: now, afterMs: Math.max(0, now - behindSince) } });
}

export function readConnection(): LiveConnection {
  return current;
}

/** The state of the live connection, re-rendering when it changes. */
export function useLiveConnection(): LiveConnection {
  return useSyncExternalStore(subscribe, readConnection, () => initial);
}
