export interface LabelledDot {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface PlacedLabel {
  /** Of the dot it belongs to. */
  readonly index: number;
  readonly x: number;
  /** Of its middle. */
  readonly y: number;
  readonly anchor: "start" | "end";
  readonly text: string;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of very many dots only the first are tried: the others lie in a cloud in which no label has a place. */
const mostTried = 200;

const lineHeight = 13;
/** Of the 11 px that labels are written in; on the wide side. */
const characterWidth = 6.4;
const distance = 8;
const radius = 6;

/**
 * A place beside its dot for each label, so that no two overlap and none covers a dot or one of the lines, or leaves the width. In the order of
 * the dots: the first have the choice. A label without such a place is left out, and so are those of all but the first two hundred.
 */
export function placeLabels(
  dots: readonly LabelledDot[],
  width: number,
  height: number,
  lines: readonly Box[] = [],
): PlacedLabel[] {
  const taken: Box[] = dots.map(({ x, y }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  taken.push(...lines);
  const placed: PlacedLabel[] = [];
  for (const [index, { x, y, text }] of dots.slice(0, mostTried).entries()) {
    const size = text.length * characterWidth;
    const place = candidates(x, y).find(({ anchor, x: at, y: middle }) => {
      const box = boxOf(at, middle, size, anchor);
      const isInside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return isInside && !taken.some((other) => overlap(box, other));
    });
    if (!place) continue;
    taken.push(boxOf(place.x, place.y, size, place.anchor));
    placed.push({ index, text, ...place });
  }
  return placed;
}

/** Right of the dot before left of it, near before far. */
function candidates(x: number, y: number): Pick<PlacedLabel, "x" | "y" | "anchor">[] {
  return [0, -1, 1, -2, 2].flatMap((lines) => [
    { x: x + distance, y: y + lines * lineHeight, anchor: "start" as const },
    { x: x - distance, y: y + lines * lineHeight, anchor: "end" as const },
  ]);
}

function boxOf(x: number, y: number, size: number, anchor: "start" | "end"): Box {
  const left = anchor === "start" ? x : x - size;
  return { left, right: left + size, top: y - lineHeight / 2, bottom: y + lineHeight / 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
