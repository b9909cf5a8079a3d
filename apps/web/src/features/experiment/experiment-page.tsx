"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { ExperimentRuns } from "@/features/experiment/experiment-runs";
import { ExperimentHeadDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";

/** The home of work: the answer, the runs, and the charts of those that are selected. project: its slug. */
export function ExperimentPage({ project, id }: { project: string; id: string }) {
  const t = useTranslations("experiment");
  const [{ data, error }, refetch] = useQuery({ query: ExperimentHeadDocument, variables: { id } });
  if (error) return <ErrorState error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />;
  if (data && !data.experiment) return <EmptyState title={t("notFound")}>{t("notFoundHint")}</EmptyState>;
  const experiment = data?.experiment ?? null;
  return (
    <>
      {experiment && (
        <PageTrail
          steps={[
            { label: experiment.project.name },
            { label: t("experiments"), href: "/experiments" },
            { label: experiment.name },
          ]}
        />
      )}
      <ExperimentRuns project={project} id={id} experiment={experiment} />
    </>
  );
}
