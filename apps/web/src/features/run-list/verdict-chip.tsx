"use client";
import { useTranslations } from "next-intl";
import type { GapVerdict } from "@/gql/graphql";
import { Chip, type Tone } from "@/ui/chip";

const tones: Record<GapVerdict, Tone> = {
  NONE: "neutral",
  UNRESOLVED: "neutral",
  TOO_EARLY: "neutral",
  MILD: "warn",
  UNDERFITTING: "warn",
  OVERCONFIDENT: "warn",
  OVERFITTING: "bad",
  DIVERGED: "bad",
};

/** What the generalization gap of a run says, in a word or two; hovering says it in a sentence. */
export function VerdictChip({ verdict }: { verdict: GapVerdict }) {
  const t = useTranslations("runList");
  return (
    <Chip tone={tones[verdict]} title={t(`verdictHint.${verdict}`)}>
      {t(`verdict.${verdict}`)}
    </Chip>
  );
}
