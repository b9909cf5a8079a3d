/**
 * Weights of classes by their effective number of examples (Cui 2019): (1 − β) / (1 − βⁿ), normalized to mean 1 over the classes that have
 * examples; null for a class without. β = 0 weighs all equally, β → 1 by 1/n. Throws RangeError for β outside 0 ≤ β < 1.
 */
export function classWeights(counts: readonly number[], beta: number): (number | null)[] {
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta is from 0 to below 1; ${beta} is not.`);
  const raw = counts.map((count) => (count === 0 ? null : (1 - beta) / (1 - beta ** count)));
  const known = raw.filter((weight) => weight !== null);
  const mean = known.reduce((sum, weight) => sum + weight, 0) / known.length;
  return raw.map((weight) => (weight === null ? null : weight / mean));
}
