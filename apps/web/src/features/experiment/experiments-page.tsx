"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useQuery } from "urql";
import { CreateExperimentDialog } from "@/features/experiment/create-experiment-dialog";
import { useExperimentTrash } from "@/features/experiment/use-experiment-trash";
import { useSession } from "@/features/frame/session";
import { ExperimentListDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { IconButton } from "@/ui/icon-button";
import { PageHeader } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";
import { SkeletonRows } from "@/ui/skeleton";

/** All experiments of the project, newest first. */
export function ExperimentsPage() {
  const t = useTranslations("experiment");
  const { project } = useSession();
  const [isCreating, setCreating] = useState(false);
  const [{ data, error }, refetch] = useQuery({
    query: ExperimentListDocument,
    variables: { project: project.slug },
    requestPolicy: "cache-and-network",
  });
  const trash = useExperimentTrash(() => refetch({ requestPolicy: "network-only" }));
  const create = (
    <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
      {t("new")}
    </Button>
  );
  const experiments = data?.project?.experiments.nodes;
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("experiments") }]} />
      <PageHeader title={t("experiments")} actions={create} />
      {error && !data && <ErrorState error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />}
      {!data && !error && <SkeletonRows rows={5} height={64} />}
      {experiments?.length === 0 && (
        <EmptyState title={t("none")} action={create}>
          {t("noneHint")}
        </EmptyState>
      )}
      {experiments && experiments.length > 0 && (
        <ul className="border-t">
          {experiments.map((experiment) => {
            const running = data.running.nodes.filter((run) => run.experiment.id === experiment.id).length;
            return (
              <li key={experiment.id} className="flex items-center border-b pr-2 hover:bg-panel md:pr-4">
                <Link
                  href={`/p/${project.slug}/e/${experiment.id}`}
                  className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-3 md:px-6"
                >
                  <span className="min-w-0 flex-1 basis-64">
                    <span className="block text-base font-medium">{experiment.name}</span>
                    {experiment.question && <span className="block text-ink-2">{experiment.question}</span>}
                  </span>
                  {running > 0 && <span className="text-accent">{t("running", { count: running })}</span>}
                  <span className="tabular w-24 text-right text-ink-2">
                    {t("runCount", { count: experiment.runs.totalCount.value })}
                  </span>
                  <span className="w-32 text-right text-ink-3">
                    <RelativeTime at={experiment.createdAt} />
                  </span>
                </Link>
                <IconButton
                  icon="trash"
                  label={t("deleteNamed", { name: experiment.name })}
                  onClick={() => void trash.remove(experiment)}
                />
              </li>
            );
          })}
        </ul>
      )}
      {isCreating && <CreateExperimentDialog onClose={() => setCreating(false)} />}
    </>
  );
}
