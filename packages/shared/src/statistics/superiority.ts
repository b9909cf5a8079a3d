/** P(A > B), ties counting half: over the pairs (a[i], b[i]), and over every pair (a[i], b[j]). Null without values. */
export function superiority(
  a: readonly number[],
  b: readonly number[],
): { paired: number | null; allPairs: number | null } {
  if (a.length === 0 || b.length === 0) return { paired: null, allPairs: null };
  const wins = a.map((left) => b.reduce((sum, right) => sum + win(left, right), 0));
  return {
    paired: a.length === b.length ? a.reduce((sum, left, i) => sum + win(left, b[i]!), 0) / a.length : null,
    allPairs: wins.reduce((sum, value) => sum + value, 0) / (a.length * b.length),
  };
}

function win(left: number, right: number): number {
  return left > right ? 1 : left === right ? 0.5 : 0;
}

/** Above this many pairs the enumeration of all signs would take seconds, and a t-test is as good. */
const mostPairs = 20;

/**
 * Exact two-sided sign-flip permutation test of the mean difference: the part of all 2ⁿ sign patterns whose sum is at least as far from 0 as
 * the observed one. Null without pairs, for lengths that differ, and above 20 pairs.
 */
export function signFlipP(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length || a.length === 0 || a.length > mostPairs) return null;
  const differences = a.map((value, i) => value - b[i]!);
  let sums = new Float64Array([0]);
  for (const difference of differences) {
    const next = new Float64Array(sums.length * 2);
    sums.forEach((sum, i) => {
      next[2 * i] = sum + difference;
      next[2 * i + 1] = sum - difference;
    });
    sums = next;
  }
  // Differences that are equal in decimals may not be in binary.
  const magnitude = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const observed = Math.abs(sums[0]!) - 1e-9 * magnitude;
  return sums.reduce((count, sum) => count + (Math.abs(sum) >= observed ? 1 : 0), 0) / sums.length;
}
