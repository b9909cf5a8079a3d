interface Bounds {
  estimate: unknown;
  low: unknown;
  high: unknown;
}

/** A common scale for all differences of a table, in shares, even about zero so that zero stands in the middle. */
export function differenceScale(differences: readonly (Bounds | null)[]): number {
  let reach = 0.01;
  for (const difference of differences) {
    if (!difference) continue;
    for (const value of [difference.low, difference.high, difference.estimate]) {
      if (typeof value === "number" && Number.isFinite(value)) reach = Math.max(reach, Math.abs(value));
    }
  }
  return reach;
}
