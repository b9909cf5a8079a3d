/** A fraction of 1 in percent, or a difference of two in percentage points, to the one decimal that messages show. */
export function percent(fraction: number): number {
  return Math.round(fraction * 1000) / 10;
}
