const width = 120;
const height = 16;

/** A difference with its interval on a scale from −reach to +reach, zero as a hairline; decorative, the numbers stand beside it. */
export function DifferenceWhisker({
  difference,
  reach,
}: {
  difference: { estimate: unknown; low: unknown; high: unknown };
  reach: number;
}) {
  const place = (value: unknown) =>
    typeof value === "number" ? ((value + reach) / (2 * reach)) * (width - 8) + 4 : null;
  const [low, at, high] = [place(difference.low), place(difference.estimate), place(difference.high)];
  if (at === null) return null;
  const isResolved =
    typeof difference.low === "number" && typeof difference.high === "number" && difference.low * difference.high > 0;
  const color = isResolved ? "var(--accent)" : "var(--ink-3)";
  return (
    <svg width={width} height={height} aria-hidden="true" className="shrink-0">
      <line x1={width / 2} x2={width / 2} y1="0" y2={height} stroke="var(--line-strong)" />
      {low !== null && high !== null && (
        <line x1={low} x2={high} y1={height / 2} y2={height / 2} stroke={color} strokeWidth="2" />
      )}
      <circle cx={at} cy={height / 2} r="3.2" fill={color} />
    </svg>
  );
}
