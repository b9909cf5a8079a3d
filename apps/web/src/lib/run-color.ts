/**
 * Twelve colours that hold 3 : 1 against the grounds of day and night. They were searched for so that the two nearest of the first eight are as far
 * apart as can be, for all eyes and for those without one kind of cones; the last four are further shades for pages with more runs.
 */
export const runPalette = [
  "#315fcf",
  "#c68206",
  "#2ba567",
  "#aa4429",
  "#855095",
  "#3796df",
  "#3f6e5d",
  "#9a8ca4",
  "#a49245",
  "#8c9589",
  "#4d6777",
  "#c03809",
] as const;

/** The first of the palette, which every eye tells apart. */
export const distinctColors = 8;

/** Of this palette: slots of another one would be other colours. */
const storageKey = "residual.run-colors.2";
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
 * other run of this list holds, so that neighbours on a page differ as long as there are at most twelve of them. The further shades come last.
 */
export function assignSlots(ids: readonly string[], taken: ReadonlyMap<string, number>): Map<string, number> {
  const slots = new Map<string, number>();
  const used = Array.from({ length: runPalette.length }, () => 0);
  for (const id of ids) {
    const slot = taken.get(id);
    if (slot === undefined) continue;
    slots.set(id, slot);
    used[slot] = (used[slot] ?? 0) + 1;
  }
  for (const id of [...ids].sort()) {
    if (slots.has(id)) continue;
    const least = Math.min(...used);
    const slot = slotsFrom(id).find((one) => used[one] === least)!;
    slots.set(id, slot);
    used[slot] = (used[slot] ?? 0) + 1;
  }
  return slots;
}

/** All slots in the order in which a run would have them. */
function slotsFrom(id: string): number[] {
  const first = hash(id) % distinctColors;
  return runPalette.map((_, slot) => (slot < distinctColors ? (first + slot) % distinctColors : slot));
}

function load(): void {
  if (isLoaded || typeof localStorage === "undefined") return;
  isLoaded = true;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    for (const [id, slot] of stored as [string, number][]) if (runPalette[slot]) remembered.set(id, slot);
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
  return runPalette[remembered.get(id) ?? hash(id) % distinctColors] ?? runPalette[0];
}
