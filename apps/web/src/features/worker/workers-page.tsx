"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { WorkerCard } from "@/features/worker/worker-card";
import { WorkerListDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { PageHeader } from "@/ui/page";
import { SkeletonRows } from "@/ui/skeleton";

const pollMs = 5000;

/** The processes that train: on what, how fast, at what. Asked again every few seconds while the page is open. */
export function WorkersPage() {
  const t = useTranslations("worker");
  const { project } = useSession();
  const [{ data, error }, ask] = useQuery({ query: WorkerListDocument, requestPolicy: "cache-and-network" });
  useEffect(() => {
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), pollMs);
    return () => clearInterval(timer);
  }, [ask]);
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader title={t("title")}>{t("explanation")}</PageHeader>
      {error && !data && <ErrorState error={error} onRetry={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <SkeletonRows rows={2} height={96} />}
      {data?.workers.length === 0 && <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>}
      {data?.workers
        .toSorted((a, b) => Number(b.online) - Number(a.online))
        .map((worker) => (
          <WorkerCard key={worker.id} worker={worker} />
        ))}
    </>
  );
}
