"use client";
import { useTranslations } from "next-intl";
import type { ClaimStanding } from "@/gql/graphql";
import { Chip, type Tone } from "@/ui/chip";

const tones: Record<ClaimStanding, Tone> = { CONFIRMED: "accent", PARTLY: "warn", REFUTED: "bad", OPEN: "neutral" };

/** What the evidence makes of a claim of the guide. */
export function ClaimChip({ standing }: { standing: ClaimStanding }) {
  const t = useTranslations("models.standing");
  return <Chip tone={tones[standing]}>{t(standing)}</Chip>;
}
