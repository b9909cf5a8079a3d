"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useSession } from "@/features/frame/session";
import { useLaunch } from "@/features/launch/use-launch";
import { RunBrowser } from "@/features/run-list/run-browser";
import { useRunList } from "@/features/run-list/use-run-list";
import { useRunView } from "@/features/run-list/use-run-view";
import { PageTrail } from "@/lib/page-trail";
import { rememberRunColors } from "@/lib/run-color";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { PageHeader } from "@/ui/page";

/** All runs of the project, of whatever experiment. */
export function RunsPage() {
  const t = useTranslations("runList");
  const launch = useLaunch();
  const { project } = useSession();
  const list = useRunList({ project: project.slug });
  const view = useRunView(list.runs);
  useMemo(() => rememberRunColors([...list.runs.keys()]), [list.runs]);
  const train = (
    <Button look="primary" icon="plus" onClick={() => launch.open()}>
      {t("train")}
    </Button>
  );
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader title={t("title")} actions={train} />
      {list.totalCount === 0 ? (
        <EmptyState title={t("none")} action={train}>
          {t("noneHint")}
        </EmptyState>
      ) : (
        <div className="border-t">
          <RunBrowser list={list} view={view} />
        </div>
      )}
    </>
  );
}
