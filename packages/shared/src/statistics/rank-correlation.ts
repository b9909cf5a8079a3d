import { ranks } from "./ranks.js";

/** Spearman's rank correlation with average ranks for ties. Pairs with NaN are dropped; null for fewer than two pairs or a constant side. */
export function spearman(x: readonly number[], y: readonly number[]): number | null {
  const pairs = x.map((value, i) => [value, y[i]!] as const).filter(([a, b]) => !Number.isNaN(a) && !Number.isNaN(b));
  if (pairs.length < 2) return null;
  const a = centered(ranks(pairs.map((pair) => pair[0])));
  const b = centered(ranks(pairs.map((pair) => pair[1])));
  const norm = Math.sqrt(dot(a, a) * dot(b, b));
  return norm === 0 ? null : dot(a, b) / norm;
}

function centered(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
