"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { DatasetRowFragment } from "@/gql/graphql";
import { Icon } from "@/ui/icon";

const shownAtMost = 200;

/** What a scan found that somebody should know: warnings, exact duplicates, files that are no readable image. */
export function DatasetFindings({ dataset }: { dataset: DatasetRowFragment }) {
  const t = useTranslations("dataset");
  const { warnings, duplicates, unreadable } = dataset;
  if (dataset.status !== "READY" || warnings.length + duplicates.length + unreadable.length === 0) return null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {warnings.map((warning) => (
        <p key={warning} className="flex gap-1.5 text-warn">
          <Icon name="warning" className="mt-0.5" />
          {warning}
        </p>
      ))}
      <Finding title={t("duplicates", { count: duplicates.length })} isShown={duplicates.length > 0}>
        <p className="text-xs text-ink-3">{t("duplicatesHint")}</p>
        {duplicates.slice(0, shownAtMost).map(({ contentHash, paths }) => (
          <li key={contentHash} className="font-mono text-xs break-all">
            {paths.join(" = ")}
          </li>
        ))}
      </Finding>
      <Finding title={t("unreadable", { count: unreadable.length })} isShown={unreadable.length > 0}>
        <p className="text-xs text-ink-3">{t("unreadableHint")}</p>
        {unreadable.slice(0, shownAtMost).map(({ path, reason }) => (
          <li key={path} className="text-xs">
            <span className="font-mono break-all">{path}</span>: {reason}
          </li>
        ))}
      </Finding>
    </div>
  );
}

function Finding({ title, isShown, children }: { title: string; isShown: boolean; children: ReactNode }) {
  if (!isShown) return null;
  return (
    <details>
      <summary className="text-ink-2">{title}</summary>
      <ul className="mt-1 flex max-h-72 flex-col gap-1 overflow-y-auto pl-4">{children}</ul>
    </details>
  );
}
