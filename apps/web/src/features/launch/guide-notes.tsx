"use client";
import { useTranslations } from "next-intl";
import { ClaimChip } from "@/features/models/claim-chip";
import { noteGroups } from "@/features/models/note-groups";
import type { LaunchGuideFragment } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { Chip } from "@/ui/chip";

/** Why these settings: what the guide says, what published evidence says, and what runs here measured, each under its name. */
export function GuideNotes({ guide }: { guide: LaunchGuideFragment }) {
  const t = useTranslations("launch");
  const say = useSay();
  // One subject after the other: what contradicts a claim stands right under it.
  const notes = noteGroups(guide).flatMap(({ bySource: { GUIDE, EVIDENCE, MEASURED } }) => [
    ...GUIDE,
    ...EVIDENCE,
    ...MEASURED,
  ]);
  if (notes.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2.5">
      {notes.map(({ field, source, standing, reference, message }) => (
        <li key={message.key} className="flex flex-col gap-0.5">
          <span className="flex items-center gap-1.5 text-xs text-ink-3">
            <Chip tone={source === "GUIDE" ? "neutral" : "accent"}>{t(`source.${source}`)}</Chip>
            {standing && <ClaimChip standing={standing} />}
            {field && t.has(`field.${field}` as never) && t(`field.${field}` as never)}
          </span>
          <span className="text-ink-2">{say(message)}</span>
          {reference && <span className="text-xs text-ink-3">{reference}</span>}
        </li>
      ))}
    </ul>
  );
}
