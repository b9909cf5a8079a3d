"use client";
import { useTranslations } from "next-intl";
import type { LaunchGuideFragment } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { Chip } from "@/ui/chip";

/** Why these settings: what the guide says, what published evidence says, and what runs here measured, each under its name. */
export function GuideNotes({ guide }: { guide: LaunchGuideFragment }) {
  const t = useTranslations("launch");
  const say = useSay();
  if (guide.notes.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2.5">
      {guide.notes.map(({ field, source, message }) => (
        <li key={message.key} className="flex flex-col gap-0.5">
          <span className="flex items-center gap-1.5 text-xs text-ink-3">
            <Chip tone={source === "GUIDE" ? "neutral" : "accent"}>{t(`source.${source}`)}</Chip>
            {field && t.has(`field.${field}` as never) && t(`field.${field}` as never)}
          </span>
          <span className="text-ink-2">{say(message)}</span>
        </li>
      ))}
    </ul>
  );
}
