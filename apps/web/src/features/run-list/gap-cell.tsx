"use client";
import { float64ColumnFromBase64 } from "@residual/shared";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Sparkline } from "@/features/metrics/sparkline";
import { VerdictChip } from "@/features/run-list/verdict-chip";
import type { RunRowFragment } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";

/** The generalization gap: its course as a sparkline, the newest value (of the loss where nothing else was logged), and the verdict. */
export function GapCell({ gap, color }: { gap: RunRowFragment["generalizationGap"]; color: string }) {
  const t = useTranslations("runList");
  const format = useFormat();
  const isLoss = gap?.measure === "LOSS";
  const gaps = useMemo(
    () => (gap ? float64ColumnFromBase64(isLoss ? gap.lossGaps : gap.accuracyGaps) : null),
    [gap, isLoss],
  );
  if (!gap || !gaps) return <span className="text-ink-3">–</span>;
  const spoken = gap.accuracy && format.pointsWithoutUnit(gap.accuracy);
  const value = spoken?.value ?? (gap.loss ? format.number(gap.loss.estimate) : "–");
  const title = isLoss && gap.loss ? t("lossGap") : spoken?.range ? `95 %: ${spoken.range}` : undefined;
  return (
    <div className="flex items-center gap-2">
      <Sparkline values={gaps} color={color} label={value} width={56} />
      <span className="tabular w-10 shrink-0 text-right" title={title}>
        {value}
        {isLoss && gap.loss && <span className="block text-xs leading-3 text-ink-3">{t("lossUnit")}</span>}
      </span>
      <VerdictChip verdict={gap.verdict} />
    </div>
  );
}
