"use client";
import { useTranslations } from "next-intl";
import type { RunViewFragment } from "@/gql/graphql";
import { Chip } from "@/ui/chip";

/** From which weights the run began: the checkpoint's name, or loudly that it was none. Nothing while that is not known. */
export function WeightsChip({ run }: { run: RunViewFragment }) {
  const t = useTranslations("run.weights");
  const weights = run.passport?.initialWeights;
  if (!weights) return null;
  if (weights.source === "RANDOM")
    return (
      <Chip tone="warn" title={t("scratchHint")}>
        {t("scratch")}
      </Chip>
    );
  return (
    <Chip title={t("fromHint", { source: weights.source })}>
      <span className="max-w-64 truncate">{weights.source}</span>
    </Chip>
  );
}
