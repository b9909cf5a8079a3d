"use client";
import { useTranslations } from "next-intl";
import type { AdviceOutcome } from "@/gql/graphql";
import { Chip, type Tone } from "@/ui/chip";

const tones: Record<AdviceOutcome, Tone> = {
  PENDING: "neutral",
  HELPED: "accent",
  HURT: "bad",
  NO_DIFFERENCE_SHOWN: "neutral",
};

/** Whether an advice helped, by the paired test of the run before and the run after. */
export function OutcomeChip({ outcome }: { outcome: AdviceOutcome }) {
  const t = useTranslations("advice");
  return (
    <Chip tone={tones[outcome]} title={t(`outcomeHint.${outcome}`)}>
      {t(`outcome.${outcome}`)}
    </Chip>
  );
}
