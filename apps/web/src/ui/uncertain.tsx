import type { SpokenInterval } from "@/lib/format";

/** A number with its uncertainty: the value, and lighter the ± or the interval. A dash where there is none yet. */
export function Uncertain({ spoken }: { spoken: SpokenInterval | null }) {
  if (!spoken) return <span className="text-ink-3">–</span>;
  return (
    <span className="tabular whitespace-nowrap" title={spoken.range ? `95 %: ${spoken.range}` : undefined}>
      {spoken.value}
      {spoken.plusMinus !== null && <span className="text-ink-3"> ± {spoken.plusMinus}</span>}
      {spoken.plusMinus === null && spoken.range !== null && <span className="text-ink-3"> ({spoken.range})</span>}
    </span>
  );
}
