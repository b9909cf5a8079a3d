"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { BuildDetailsDocument } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { Dialog } from "@/ui/dialog";
import { ErrorState } from "@/ui/error-state";
import { RelativeTime } from "@/ui/relative-time";
import { SkeletonRows } from "@/ui/skeleton";

/** Software details: when it was compiled, release, build number, and the changes that led here. */
export function BuildDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("build");
  const format = useFormat();
  const [{ data, error }, refetch] = useQuery({ query: BuildDetailsDocument });
  const [isHistoryOpen, setHistoryOpen] = useState(false);
  const build = data?.build;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("title")} width="narrow">
      {error && <ErrorState error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />}
      {!build && !error && <SkeletonRows rows={4} />}
      {build && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
          <dt className="text-ink-3">{t("compiled")}</dt>
          <dd>
            <RelativeTime at={build.compiledAt} />
          </dd>
          <dt className="text-ink-3">{t("release")}</dt>
          <dd>{build.release}</dd>
          <dt className="text-ink-3">{t("number")}</dt>
          <dd className="font-mono text-xs leading-5 break-all">
            {build.branch}@{build.commit.slice(0, 10)}
          </dd>
          <dt className="text-ink-3">{t("history")}</dt>
          <dd>
            <button
              type="button"
              aria-expanded={isHistoryOpen}
              className="text-accent hover:underline"
              onClick={() => setHistoryOpen(!isHistoryOpen)}
            >
              {t("changes", { count: build.history, formatted: format.count(build.history) })}
            </button>
          </dd>
        </dl>
      )}
      {build && isHistoryOpen && (
        <ol className="mt-4 border-t">
          {build.changes.map((change) => (
            <li key={change.commit} className="flex gap-3 border-b py-2">
              <code className="shrink-0 text-xs leading-5 text-ink-3">{change.commit.slice(0, 7)}</code>
              <span className="min-w-0 flex-1">{change.subject}</span>
              <span className="shrink-0 text-ink-3">
                <RelativeTime at={change.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
