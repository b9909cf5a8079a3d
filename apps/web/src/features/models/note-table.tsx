"use client";
import { useTranslations } from "next-intl";
import { ClaimChip } from "@/features/models/claim-chip";
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
  const groups = noteGroups(guide);
  return (
    <ScrollRegion label={t("setting")}>
      <table className="w-full min-w-150 table-fixed text-sm">
        <thead className="text-xs text-ink-3">
          <tr>
            <th scope="col" className="w-36 pb-1 text-left font-normal">
              {t("setting")}
            </th>
            {sources.map((source) => (
              <th key={source} scope="col" className="pb-1 text-left font-normal">
                {launch(`source.${source}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ id, field, bySource }) => {
            const name = `field.${field}` as Parameters<typeof launch>[0];
            return (
              <tr key={id}>
                <th scope="row" className={`${cell} text-ink-2`}>
                  {field === null ? subjectOf(t, id) : launch.has(name) ? launch(name) : field}
                </th>
                {sources.map((source) => (
                  <td key={source} className={cell}>
                    {bySource[source].map(({ message, standing, reference }) => (
                      <div key={message.key} className="mb-1">
                        {standing && <ClaimChip standing={standing} />}
                        <p>{say(message)}</p>
                        {reference && <p className="text-xs text-ink-3">{t("source", { source: reference })}</p>}
                      </div>
                    ))}
                    {bySource[source].length === 0 && source === "MEASURED" && (
                      <span className="text-ink-3">{t("unmeasured")}</span>
                    )}
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

/** What a claim is about; a newer API may know claims that this page has no word for. */
function subjectOf(t: ReturnType<typeof useTranslations<"models.note">>, claim: string): string {
  const key = `claim.${claim}` as "claim.inference";
  return claim !== "" && t.has(key) ? t(key) : t("general");
}
