"use client";
import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** Changes search parameters of the present address without a request to the server; null removes one. */
export function setSearchParams(changes: Record<string, string | null>, how: "push" | "replace" = "replace"): void {
  const params = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, value);
  }
  // Commas and colons are legal in a query; left readable, because people copy these addresses.
  const query = params.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/");
  const url = `${window.location.pathname}${query ? `?${query}` : ""}${window.location.hash}`;
  if (how === "push") window.history.pushState(null, "", url);
  else window.history.replaceState(null, "", url);
}

/** One search parameter as state: what is on screen lives in the URL. fallback is what its absence means. */
export function useUrlState(
  name: string,
  fallback: string,
): [string, (value: string, how?: "push" | "replace") => void] {
  const value = useSearchParams().get(name) ?? fallback;
  const set = useCallback(
    (next: string, how?: "push" | "replace") => setSearchParams({ [name]: next === fallback ? null : next }, how),
    [name, fallback],
  );
  return [value, set];
}

type ListChange = (current: string[]) => string[];

/** A search parameter that holds a list, separated by commas. Changes build on what the address says now, not on what was last drawn. */
export function useUrlList(name: string): [string[], (change: ListChange) => void] {
  const text = useSearchParams().get(name) ?? "";
  const set = useCallback(
    (change: ListChange) => {
      const current = split(new URLSearchParams(window.location.search).get(name) ?? "");
      setSearchParams({ [name]: change(current).join(",") || null });
    },
    [name],
  );
  return [split(text), set];
}

function split(text: string): string[] {
  return text === "" ? [] : text.split(",");
}
