"use client";
import { useTranslations } from "next-intl";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { useRunActions } from "@/features/run-list/use-run-actions";
import { useRunList } from "@/features/run-list/use-run-list";
import { TrashedExperiments } from "@/features/trash/trashed-experiments";
import { TrashedExperimentsDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { PageHeader } from "@/ui/page";
import { RelativeTime } from "@/ui/relative-time";
import { SkeletonRows } from "@/ui/skeleton";

/** Experiments and runs that were thrown away; nothing of them is lost. */
export function TrashPage() {
  const t = useTranslations("trash");
  const { project } = useSession();
  const list = useRunList({ project: project.slug, isTrash: true });
  const actions = useRunActions();
  const [{ data, error }, reload] = useQuery({
    query: TrashedExperimentsDocument,
    variables: { project: project.slug },
    requestPolicy: "cache-and-network",
  });
  const experiments = data?.project?.experiments.nodes ?? [];
  const runs = [...list.runs.values()];
  const restore = (ids: string[]) => void actions.restore(ids).then(() => list.remove(ids));
  return (
    <>
      <PageTrail steps={[{ label: project.name }, { label: t("title") }]} />
      <PageHeader
        title={t("title")}
        actions={
          runs.length > 1 && (
            <Button icon="undo" onClick={() => restore(runs.map(({ id }) => id))}>
              {t("restoreAll")}
            </Button>
          )
        }
      >
        {t("explanation")}
      </PageHeader>
      {error && <ErrorState error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />}
      {experiments.length > 0 && (
        <TrashedExperiments experiments={experiments} onChanged={() => reload({ requestPolicy: "network-only" })} />
      )}
      {list.error && <ErrorState error={list.error} onRetry={() => void list.reload()} />}
      {!list.isLoaded && !list.error && <SkeletonRows rows={4} />}
      {list.isLoaded && data && runs.length + experiments.length === 0 && <EmptyState title={t("empty")} />}
      {runs.length > 0 && experiments.length > 0 && <h2 className="px-4 pt-4 pb-2 font-medium md:px-6">{t("runs")}</h2>}
      {runs.length > 0 && (
        <ul className="border-t">
          {runs.map((run) => (
            <li key={run.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-2 md:px-6">
              <span className="min-w-0 flex-1 basis-48 truncate font-medium">{run.name}</span>
              <span className="min-w-0 basis-40 truncate text-ink-2">{run.experiment.name}</span>
              <span className="w-32 text-ink-3">{run.trashedAt && <RelativeTime at={run.trashedAt} />}</span>
              <Button icon="undo" onClick={() => restore([run.id])}>
                {t("restore")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
