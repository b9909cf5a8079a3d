"use client";
import { useTranslations } from "next-intl";
import { noteGroups } from "@/features/models/note-groups";
import type { GuideSource, LaunchGuideFragment } from "@/gql/graphql";
import { useSay } from "@/lib/say";
import { ScrollRegion } from "@/ui/scroll-region";

const sources = ["GUIDE", "EVIDENCE", "MEASURED"] as const satisfies GuideSource[];
const cell = "border-t py-2 pr-5 text-left align-top font-normal";

/** A row a setting: the guide's word, the published evidence, what runs here measured. */
export function NoteTable({ guide }: { guide: LaunchGuideFragment }) {
  const t = useTranslations("models.note");
  const launch = useTranslations("launch");
  const say = useSay();
  const groups = noteGroups(guide.notes);
  const columns = sources.filter((source) => guide.notes.some((note) => note.source === source));
  return (
    <ScrollRegion label={t("setting")}>
      <table className="w-full min-w-150 table-fixed text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            <th scope="col" className="w-36 pb-1 text-left font-normal">
              {t("setting")}
            </th>
            {columns.map((source) => (
              <th key={source} scope="col" className="pb-1 text-left font-normal">
                {launch(`source.${source}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ field, bySource }) => {
            const name = `field.${field}` as Parameters<typeof launch>[0];
            return (
              <tr key={field}>
                <th scope="row" className={`${cell} text-ink-2`}>
                  {field === null ? t("general") : launch.has(name) ? launch(name) : field}
                </th>
                {columns.map((source) => (
                  <td key={source} className={cell}>
                    {bySource[source].map((message) => (
                      <p key={message.key} className="mb-1">
                        {say(message)}
                      </p>
                    ))}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
