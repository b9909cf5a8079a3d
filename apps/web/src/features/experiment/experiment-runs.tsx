"use client";
import { useTranslations } from "next-intl";
import { useCallback, useMemo, useRef, useState } from "react";
import { Answer } from "@/features/experiment/answer";
import { SelectedCharts } from "@/features/experiment/selected-charts";
import { ExportMenu } from "@/features/export/export-menu";
import { useLaunch } from "@/features/launch/use-launch";
import { usePageAction } from "@/features/palette/page-actions";
import { RunBrowser } from "@/features/run-list/run-browser";
import { useRunList } from "@/features/run-list/use-run-list";
import { useRunQuestion, useRunSelection } from "@/features/run-list/use-run-view";
import type { ExperimentHeadQuery, RunChange, RunRowFragment } from "@/gql/graphql";
import { rememberRunColors } from "@/lib/run-color";
import { Button } from "@/ui/button";
import { deferred } from "@/ui/deferred";
import { EmptyState } from "@/ui/empty-state";
import { PageHeader } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";

type Experiment = NonNullable<ExperimentHeadQuery["experiment"]>;

const ShareDialog = deferred(() => import("@/features/share/share-dialog").then((module) => module.ShareDialog));

// More lines than this in one chart tell nothing; who selects more, sees more.
const chartsWithoutSelection = 6;

/** Asks for the runs and the answer at once, without waiting for the experiment's own name (null until it is here). */
export function ExperimentRuns({
  project,
  id,
  experiment,
}: {
  project: string;
  id: string;
  experiment: Experiment | null;
}) {
  const t = useTranslations("experiment");
  const launch = useLaunch();
  const name = experiment?.name ?? "";
  const [isSharing, setSharing] = useState(false);
  const { revision, onChange } = useAnswerRevision();
  const question = useRunQuestion();
  const { filter, orderBy } = question;
  const list = useRunList({ project, experiment: id, filter, orderBy, onChange });
  const selected = useRunSelection(list);
  const { selection } = selected;
  useMemo(() => rememberRunColors([...list.runs.keys()]), [list.runs]);

  usePageAction("share", t("shareExperiment", { name }), () => setSharing(true));
  usePageAction("train", t("trainHere", { name }), () => launch.open({ experiment: id }));
  const train = (
    <Button look="primary" icon="plus" onClick={() => launch.open({ experiment: id })}>
      {t("train")}
    </Button>
  );
  const charted =
    selection.length > 0
      ? selection.flatMap((id) => list.known.get(id) ?? [])
      : [...list.runs.values()].filter(hasMetrics).slice(0, chartsWithoutSelection);
  return (
    <>
      <PageHeader
        title={experiment ? name : <Skeleton className="h-7 w-64" />}
        actions={
          <>
            <ExportMenu which={selection.length > 0 ? { runs: selection } : { experiment: id }} />
            <Button icon="share" onClick={() => setSharing(true)}>
              {t("share")}
            </Button>
            {train}
          </>
        }
      >
        {experiment ? experiment.question : <Skeleton className="h-5 w-96 max-w-full" />}
      </PageHeader>
      <div className="px-4 pb-4 md:px-6">
        <Answer experiment={id} revision={revision} isPaused={!list.isLoaded && list.error === null} />
      </div>
      {list.isEmpty ? (
        <EmptyState title={t("noRuns")} action={train}>
          {t("noRunsHint")}
        </EmptyState>
      ) : (
        <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] border-t xl:grid-cols-[minmax(0,1fr)_minmax(340px,27vw)]">
          <RunBrowser
            project={project}
            experiment={id}
            list={list}
            question={question}
            selected={selected}
            onShareSelection={() => setSharing(true)}
          />
          <aside aria-label={t("charts")} className="min-w-0 border-t p-4 xl:border-t-0 xl:border-l">
            <SelectedCharts runs={charted} />
          </aside>
        </div>
      )}
      {isSharing && (
        <ShareDialog
          target={
            selection.length >= 2
              ? { scope: "COMPARISON", runs: selection, baseline: null, name }
              : { scope: "EXPERIMENT", experiment: id, name }
          }
          onClose={() => setSharing(false)}
        />
      )}
    </>
  );
}

function hasMetrics(run: RunRowFragment): boolean {
  return run.progress !== null || run.bestEvaluation !== null || run.valAccuracy !== null;
}

/** A number that rises, at most once a second, when a change of a run may change the answer. */
function useAnswerRevision() {
  const [revision, setRevision] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const onChange = useCallback((change: RunChange) => {
    if (change === "PROGRESS" || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      setRevision((count) => count + 1);
    }, 1000);
  }, []);
  return { revision, onChange };
}
