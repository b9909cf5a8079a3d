/**
 * Theil–Sen slope: the median of the slopes of all pairs of points (x = 0, 1, 2, … where left out). Points that are not finite and pairs of
 * equal x are dropped; null where no pair is left. Takes time in the square of the points.
 */
export function theilSenSlope(y: readonly number[], x: readonly number[] | null = null): number | null {
  const points = y
    .map((value, i) => ({ x: x === null ? i : x[i]!, y: value }))
    .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
  const slopes: number[] = [];
  points.forEach((first, i) => {
    for (const second of points.slice(i + 1)) {
      if (second.x !== first.x) slopes.push((second.y - first.y) / (second.x - first.x));
    }
  });
  return median(slopes);
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
