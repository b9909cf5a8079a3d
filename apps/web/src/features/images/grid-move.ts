/** Where each tile lies, in the order of the grid. */
export type TilePlace = { readonly left: number; readonly top: number };

/** The tile that a key leads to from tile `from`; null for a key that is none of the grid's, or leads nowhere. */
export function gridMove(key: string, from: number, places: readonly TilePlace[]): number | null {
  const here = places[from];
  if (!here) return null;
  const targets: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    Home: 0,
    End: places.length - 1,
    ArrowUp: places.findLastIndex(({ top, left }) => top < here.top && left <= here.left),
    ArrowDown: nextRow(here, places),
  };
  const target = targets[key];
  return target !== undefined && target !== from && places[target] ? target : null;
}

/** The tile below, or the last one where the row below is shorter. */
function nextRow(here: TilePlace, places: readonly TilePlace[]): number {
  const below = places.findIndex(({ top }) => top > here.top);
  if (below < 0) return -1;
  const row = places[below]!.top;
  return places.findLastIndex(({ top, left }) => top === row && left <= here.left);
}
