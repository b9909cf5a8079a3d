"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { RunAdvice } from "@/features/advice/run-advice";
import { FilesTab } from "@/features/artifact/files-tab";
import { useSession } from "@/features/frame/session";
import { GapBasis } from "@/features/gap/gap-basis";
import { LearningCurvePanel } from "@/features/learning-curve/learning-curve-panel";
import { ConfigTab } from "@/features/run/config-tab";
import { IntegrityTab } from "@/features/run/integrity-tab";
import { RunActions } from "@/features/run/run-actions";
import { RunHeader } from "@/features/run/run-header";
import { RunTabs } from "@/features/run/run-tabs";
import { type PageRun, useRun } from "@/features/run/use-run";
import { SweepPanel } from "@/features/sweep/sweep-panel";
import { PageTrail } from "@/lib/page-trail";
import { rememberRunColors } from "@/lib/run-color";
import { buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Skeleton } from "@/ui/skeleton";

/** One run: what it says about overfitting, all of its metrics, what it cost, and whether everything arrived. */
export function RunPage({ id }: { id: string }) {
  const t = useTranslations("run");
  const { project } = useSession();
  const { run, isLoading, error, reload } = useRun(id, project.slug);
  useMemo(() => rememberRunColors([id]), [id]);

  if (error) return <ErrorState error={error} onRetry={reload} />;
  if (isLoading) return <RunSkeleton />;
  if (!run) {
    return (
      <EmptyState
        title={t("page.notFound")}
        action={
          <Link href="/runs" className={buttonClasses()}>
            {t("page.back")}
          </Link>
        }
      />
    );
  }
  const experiment = { label: run.experiment.name, href: `/p/${project.slug}/e/${run.experiment.id}` };
  return (
    <>
      <PageTrail steps={[experiment, { label: run.name }]} />
      <RunHeader run={run} isTrashed={run.trashedAt !== null} actions={<RunActions run={run} onChanged={reload} />} />
      <RunTabs
        run={run}
        environment={run.environment}
        advice={
          <>
            <SweepPanel run={run.id} version={recordVersion(run)} />
            <GapBasis run={run} onChanged={reload} />
            <RunAdvice run={run.id} project={project.slug} version={recordVersion(run)} />
            <LearningCurvePanel run={run.id} version={recordVersion(run)} />
          </>
        }
        more={[
          { key: "files", content: <FilesTab run={run.id} /> },
          { key: "config", content: <ConfigTab run={run} /> },
          { key: "integrity", content: <IntegrityTab run={run} /> },
        ]}
      />
    </>
  );
}

/** Advice and learning curve rest on evaluations, notices and how the run ended. */
function recordVersion({ status, notices, generalizationGap }: PageRun): string {
  return `${status} ${notices.length} ${generalizationGap?.epochs.length ?? 0}`;
}

function RunSkeleton() {
  return (
    <div className="flex flex-col gap-4 px-4 py-4 md:px-6" aria-busy="true">
      <Skeleton className="h-7 w-64" />
      <Skeleton className="h-4 w-full max-w-xl" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-56 w-full" />
    </div>
  );
}
