"use client";
import { useEffect, useRef, useSyncExternalStore } from "react";

/** A key or a combination, as `mod+k`, `ctrl+d`, `?`, `j`; mod is ⌘ on a Mac and Ctrl elsewhere. */
export interface Shortcut {
  keys: string;
  label: string;
}

interface Binding extends Shortcut {
  run: (event: KeyboardEvent) => void;
}

let bindings: Binding[] = [];
const listeners = new Set<() => void>();

function changed(): void {
  bindings = [...bindings];
  for (const listener of listeners) listener();
}

/** The combination that an event presses, in the notation of `Shortcut`. Both Ctrl and ⌘ count as mod. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.altKey ? "alt+" : ""}${event.ctrlKey || event.metaKey ? "mod+" : ""}${key}`;
}

/** Plain keys belong to the field that has the focus, and to an open dialog or menu. */
function isOccupied(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role=dialog], [role=menu], [role=listbox]") !== null
  );
}

function onKeyDown(event: KeyboardEvent): void {
  const combination = pressed(event);
  if (!combination.startsWith("mod+") && isOccupied(event.target)) return;
  const binding = bindings.findLast(({ keys }) => keys.replace("ctrl+", "mod+") === combination);
  if (!binding) return;
  event.preventDefault();
  binding.run(event);
}

/** Binds keys while the component is on screen; the newest binding of a key wins. Listed in the dialog of all keys. */
export function useShortcut(keys: string, label: string, run: (event: KeyboardEvent) => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const binding: Binding = { keys, label, run: (event) => latest.current(event) };
    if (bindings.length === 0) window.addEventListener("keydown", onKeyDown);
    bindings.push(binding);
    changed();
    return () => {
      bindings = bindings.filter((other) => other !== binding);
      if (bindings.length === 0) window.removeEventListener("keydown", onKeyDown);
      changed();
    };
  }, [keys, label]);
}

const none: Binding[] = [];

/** All keys that work at this moment. */
export function useShortcuts(): Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => bindings,
    () => none,
  );
}
