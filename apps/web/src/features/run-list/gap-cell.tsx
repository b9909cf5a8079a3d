"use client";
import { float64ColumnFromBase64 } from "@residual/shared";
import { useMemo } from "react";
import { Sparkline } from "@/features/metrics/sparkline";
import { VerdictChip } from "@/features/run-list/verdict-chip";
import type { RunRowFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";

/** The generalization gap: its course as a sparkline, the newest value, and the verdict. */
export function GapCell({ gap, color }: { gap: RunRowFragment["generalizationGap"]; color: string }) {
  const format = useFormat();
  const gaps = useMemo(() => (gap ? float64ColumnFromBase64(gap.accuracyGaps) : null), [gap]);
  if (!gap || !gaps) return <span className="text-ink-3">–</span>;
  const spoken = gap.accuracy && format.pointsWithoutUnit(gap.accuracy);
  return (
    <div className="flex items-center gap-2">
      <Sparkline values={gaps} color={color} label={spoken?.value ?? "–"} width={56} />
      <span className="tabular w-10 shrink-0 text-right" title={spoken?.range ? `95 %: ${spoken.range}` : undefined}>
        {spoken?.value ?? "–"}
      </span>
      <VerdictChip verdict={gap.verdict} />
    </div>
  );
}
