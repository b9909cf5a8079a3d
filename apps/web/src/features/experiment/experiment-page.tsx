"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { ExperimentRuns } from "@/features/experiment/experiment-runs";
import { ExperimentHeadDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Skeleton, SkeletonRows } from "@/ui/skeleton";

/** The home of work: the answer, the runs, and the charts of those that are selected. */
export function ExperimentPage({ id }: { id: string }) {
  const t = useTranslations("experiment");
  const [{ data, error }, refetch] = useQuery({ query: ExperimentHeadDocument, variables: { id } });
  if (error) return <ErrorState error={error} onRetry={() => refetch({ requestPolicy: "network-only" })} />;
  if (!data) {
    return (
      <div className="flex flex-col gap-4 p-4 md:px-6" aria-busy="true">
        <Skeleton className="h-7 w-64" />
        <Skeleton className="h-6 w-full max-w-3xl" />
        <SkeletonRows rows={6} height={44} />
      </div>
    );
  }
  const { experiment } = data;
  if (!experiment) return <EmptyState title={t("notFound")}>{t("notFoundHint")}</EmptyState>;
  return (
    <>
      <PageTrail
        steps={[
          { label: experiment.project.name },
          { label: t("experiments"), href: "/experiments" },
          { label: experiment.name },
        ]}
      />
      <ExperimentRuns experiment={experiment} />
    </>
  );
}
