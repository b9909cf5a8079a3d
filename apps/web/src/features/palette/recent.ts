const storageKey = "residual.palette-recent";
const kept = 6;

/** What was chosen in the palette last, newest first: keys of its entries. */
export function recentKeys(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(stored) ? stored.filter((key) => typeof key === "string").slice(0, kept) : [];
  } catch {
    return [];
  }
}

export function rememberKey(key: string): void {
  localStorage.setItem(
    storageKey,
    JSON.stringify([key, ...recentKeys().filter((other) => other !== key)].slice(0, kept)),
  );
}
