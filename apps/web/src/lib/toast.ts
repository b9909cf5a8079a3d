import { useSyncExternalStore } from "react";

/** A note at the edge of the screen. action: what the reader can do about it (undo, open). */
export interface Toast {
  id: number;
  text: string;
  tone: "neutral" | "warn" | "bad";
  action?: { label: string; run: () => void };
}

const none: Toast[] = [];
let toasts: Toast[] = none;
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows a note; at most four at a time, the oldest goes first. */
export function showToast(text: string, options: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  set([...toasts.slice(-3), { id: nextId++, text, tone: options.tone ?? "neutral", action: options.action }]);
}

export function dismissToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    subscribe,
    () => toasts,
    () => none,
  );
}
