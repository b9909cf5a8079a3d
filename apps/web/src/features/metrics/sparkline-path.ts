export interface SparklineShape {
  path: string;
  zero: number;
  end: { x: number; y: number };
}

const margin = 3;

/** The smallest vertical range that a sparkline shows, in shares: noise of a point must not look like a mountain. */
const leastRange = 0.05;

/** A line through the finite values, scaled so that zero is always in the picture; null without one. */
export function sparklinePath(values: ArrayLike<number>, width: number, height: number): SparklineShape | null {
  const points = Array.from(values, (value, row) => ({ value, row })).filter(({ value }) => Number.isFinite(value));
  const last = points.at(-1);
  if (!last) return null;
  const top = Math.max(0, ...points.map(({ value }) => value));
  const bottom = Math.min(0, ...points.map(({ value }) => value));
  const range = Math.max(leastRange, top - bottom);
  const place = (value: number, row: number) => ({
    x: margin + (values.length > 1 ? row / (values.length - 1) : 1) * (width - 2 * margin),
    y: margin + (1 - (value - bottom) / range) * (height - 2 * margin),
  });
  const places = points.map(({ value, row }) => place(value, row));
  return {
    path: places.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""),
    zero: place(0, 0).y,
    end: place(last.value, last.row),
  };
}
