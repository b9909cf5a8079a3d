const bounds = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, Number.POSITIVE_INFINITY];

/** A histogram in text for each kind of kill: milliseconds from the kill to the first acknowledgement of something sent after it. */
export function recoveryHistogram(recoveries) {
  const kinds = [...new Set(recoveries.map(({ kind }) => kind))];
  const lines = [];
  for (const kind of kinds) {
    const times = recoveries.filter((recovery) => recovery.kind === kind).map(({ recoveryMs }) => recoveryMs);
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    lines.push(`${kind}: ${times.length} kills, median ${at(0.5)} ms, longest ${at(1)} ms`);
    let lower = 0;
    for (const upper of bounds) {
      const count = times.filter((time) => time >= lower && time < upper).length;
      const label = Number.isFinite(upper) ? `< ${upper} ms` : `≥ ${lower} ms`;
      if (count > 0) lines.push(`  ${label.padStart(9)} ${"█".repeat(count)} ${count}`);
      lower = upper;
    }
  }
  return lines.join("\n");
}

/** Sums of what the checker counted after each kill. */
export function totals(recoveries) {
  const sum = (what) => recoveries.reduce((total, recovery) => total + recovery[what], 0);
  // Superseded points are counted anew at each check: the last count is the count.
  return {
    lost: sum("lost"),
    missing: sum("missing"),
    phantom: sum("phantom"),
    altered: sum("altered"),
    doubled: recoveries.at(-1)?.doubled ?? 0,
  };
}
