// Twelve colours in two steps of lightness that keep apart under the common colour-vision deficiencies and hold 3 : 1 against both grounds.
const palette = [
  "#3b76d6",
  "#c9651b",
  "#0f8a72",
  "#b4489c",
  "#8a7a12",
  "#2b93b8",
  "#cc4a55",
  "#7a62d2",
  "#4f8f2f",
  "#96684a",
  "#5f7d96",
  "#c4598a",
] as const;

const storageKey = "residual.run-colors";
const remembered = new Map<string, number>();
let isLoaded = false;

/** FNV-1a, 32 bits: spreads run ids over the palette. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/**
 * A palette slot for each run id. A run keeps the slot that it has in `taken`; a new one gets the slot of its id, or the next that no
 * other run of this list holds, so that neighbours on a page differ as long as there are at most twelve of them.
 */
export function assignSlots(ids: readonly string[], taken: ReadonlyMap<string, number>): Map<string, number> {
  const slots = new Map<string, number>();
  const used = Array.from({ length: palette.length }, () => 0);
  for (const id of ids) {
    const slot = taken.get(id);
    if (slot === undefined) continue;
    slots.set(id, slot);
    used[slot] = (used[slot] ?? 0) + 1;
  }
  for (const id of [...ids].sort()) {
    if (slots.has(id)) continue;
    const first = hash(id) % palette.length;
    const least = Math.min(...used);
    let slot = first;
    while ((used[slot] ?? 0) > least) slot = (slot + 1) % palette.length;
    slots.set(id, slot);
    used[slot] = (used[slot] ?? 0) + 1;
  }
  return slots;
}

function load(): void {
  if (isLoaded || typeof localStorage === "undefined") return;
  isLoaded = true;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    for (const [id, slot] of stored as [string, number][]) if (palette[slot]) remembered.set(id, slot);
  } catch {
    localStorage.removeItem(storageKey);
  }
}

/** Gives the runs of a page (all of an experiment, all of a comparison) their colours and remembers them in this browser. */
export function rememberRunColors(ids: readonly string[]): void {
  load();
  const unknown = ids.some((id) => !remembered.has(id));
  if (!unknown) return;
  for (const [id, slot] of assignSlots(ids, remembered)) remembered.set(id, slot);
  if (typeof localStorage === "undefined") return;
  try {
    localStorage.setItem(storageKey, JSON.stringify([...remembered].slice(-3000)));
  } catch {
    // A full or forbidden storage costs only the memory across visits.
  }
}

/** The colour of a run, the same everywhere: table dot, line, legend, chip. A hex colour, fit for a canvas. */
export function runColor(id: string): string {
  load();
  return palette[remembered.get(id) ?? hash(id) % palette.length] ?? palette[0];
}
