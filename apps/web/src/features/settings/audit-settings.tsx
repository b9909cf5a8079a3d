"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { AuditLogDocument } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Button } from "@/ui/button";
import { ErrorState } from "@/ui/error-state";
import { SkeletonRows } from "@/ui/skeleton";

const cell = "border-t py-1.5 pr-4 align-baseline";

/** Who did what in the present project, the newest first, a page at a time. */
export function AuditSettings() {
  const t = useTranslations("settings.audit");
  const { project } = useSession();
  const format = useFormat();
  const [pages, setPages] = useState<(string | null)[]>([null]);
  const after = pages.at(-1) ?? null;
  const [{ data, error }, ask] = useQuery({
    query: AuditLogDocument,
    variables: { project: project.slug, after },
    requestPolicy: "cache-and-network",
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <SkeletonRows rows={4} />;
  const { nodes, pageInfo } = data.auditLog;
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-2xl text-ink-2">{t("hint")}</p>
      {nodes.length === 0 && <p className="text-ink-3">{t("empty")}</p>}
      {nodes.length > 0 && (
        <div className="relative overflow-x-auto">
          <table className="w-full min-w-160 text-left">
            <thead className="text-xs text-ink-3">
              <tr>
                <th className="py-1 pr-4 font-medium">{t("when")}</th>
                <th className="py-1 pr-4 font-medium">{t("who")}</th>
                <th className="py-1 pr-4 font-medium">{t("what")}</th>
                <th className="py-1 pr-4 font-medium">{t("which")}</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((event) => (
                <tr key={event.id}>
                  <td className={`${cell} whitespace-nowrap`}>{format.moment(Date.parse(event.at))}</td>
                  <td className={cell}>
                    <bdi>{event.actorName}</bdi>
                    {event.actorKind === "API_KEY" && <span className="text-ink-3"> {t("key")}</span>}
                  </td>
                  <td className={`${cell} font-mono text-xs`}>{event.action}</td>
                  <td className={`${cell} font-mono text-xs break-all text-ink-3`}>{event.objectIds.join(" ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="flex gap-2">
        {pages.length > 1 && <Button onClick={() => setPages(pages.slice(0, -1))}>{t("newer")}</Button>}
        {pageInfo.hasNextPage && (
          <Button onClick={() => setPages([...pages, pageInfo.endCursor ?? null])}>{t("older")}</Button>
        )}
      </div>
    </div>
  );
}
