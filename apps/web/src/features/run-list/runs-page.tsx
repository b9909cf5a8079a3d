"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useSession } from "@/features/frame/session";
import { useLaunch } from "@/features/launch/use-launch";
import { RunBrowser } from "@/features/run-list/run-browser";
import { useRunList } from "@/features/run-list/use-run-list";
import { useRunQuestion, useRunSelection } from "@/features/run-list/use-run-view";
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
  const question = useRunQuestion();
  const list = useRunList({ project: project.slug, filter: question.filter, orderBy: question.orderBy });
  const selected = useRunSelection(list);
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
      {list.isEmpty ? (
        <EmptyState title={t("none")} action={train}>
          {t("noneHint")}
        </EmptyState>
      ) : (
        <div className="border-t">
          <RunBrowser project={project.slug} list={list} question={question} selected={selected} />
        </div>
      )}
    </>
  );
}
