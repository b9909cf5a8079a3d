/** Holm's adjusted p-values (step-down, monotone, at most 1) in the order of the input. NaN becomes null and is not counted. */
export function holmAdjust(pValues: readonly number[]): (number | null)[] {
  const adjusted: (number | null)[] = pValues.map(() => null);
  const ascending = pValues
    .map((p, index) => ({ p, index }))
    .filter(({ p }) => !Number.isNaN(p))
    .sort((x, y) => x.p - y.p);
  let largest = 0;
  ascending.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (ascending.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
