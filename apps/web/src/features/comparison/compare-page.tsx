"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { ComparisonControls } from "@/features/comparison/comparison-controls";
import { ComparisonView } from "@/features/comparison/comparison-view";
import { mostCompared, useComparedRuns } from "@/features/comparison/use-compared-runs";
import { useComparisonOptions } from "@/features/comparison/use-comparison-options";
import { useComparisonUpdates } from "@/features/comparison/use-comparison-updates";
import { ExportMenu } from "@/features/export/export-menu";
import { ShareDialog } from "@/features/share/share-dialog";
import { ComparePageDocument } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { rememberRunColors } from "@/lib/run-color";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Button, buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { PageHeader } from "@/ui/page";
import { Skeleton, SkeletonRows } from "@/ui/skeleton";

/** Two to a thousand runs side by side. Runs and how they are compared live in the address. */
export function ComparePage() {
  const t = useTranslations("comparison");
  const say = useSay();
  const format = useFormat();
  const { runs, isAsking, error: unknown, isCut } = useComparedRuns();
  const { options, set, acknowledge } = useComparisonOptions();
  const [isSharing, setSharing] = useState(false);
  const runList = runs.join(",");
  const [{ data, error }, reload] = useQuery({
    query: ComparePageDocument,
    variables: { runs: [...runs], ...options, baseline: options.baseline || null },
    pause: runs.length === 0,
    requestPolicy: "cache-and-network",
  });
  // Before the first line is drawn: a colour that changed later would be seen to change.
  useMemo(() => rememberRunColors(runList === "" ? [] : runList.split(",")), [runList]);
  useComparisonUpdates(runs, () => reload({ requestPolicy: "network-only" }));

  const trail = <PageTrail steps={[{ label: t("place") }]} />;
  if (unknown) return <ErrorState error={unknown} />;
  if (runs.length === 0 && !isAsking) {
    return (
      <>
        {trail}
        <EmptyState
          title={t("empty")}
          action={
            <Link href="/experiments" className={buttonClasses("primary")}>
              {t("toExperiments")}
            </Link>
          }
        >
          {t("emptyHint")}
        </EmptyState>
      </>
    );
  }
  if (error && !data) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: "network-only" })} />;
  const comparison = data?.comparison;
  const members = comparison?.rows.flatMap((row) => row.runs) ?? [];
  return (
    <>
      {trail}
      <PageHeader
        title={isAsking ? t("place") : t("title", { count: runs.length })}
        actions={
          <>
            <ComparisonControls options={options} set={set} members={members} />
            <ExportMenu which={{ runs: [...runs] }} />
            <Button icon="share" onClick={() => setSharing(true)}>
              {t("share")}
            </Button>
          </>
        }
      >
        {isCut && <p className="text-ink-3">{t("newest", { count: format.count(mostCompared) })}</p>}
        {comparison ? (
          <p className="max-w-4xl text-lg text-ink text-balance" aria-live="polite" data-testid="answer">
            {comparison.rows.length > 1 ? say(comparison.sentence) : t("noAnswer")}
            {comparison.outlook && <span className="block text-sm text-ink-3">{say(comparison.outlook)}</span>}
          </p>
        ) : (
          <Skeleton className="my-1 h-6 w-full max-w-3xl" />
        )}
      </PageHeader>
      {comparison ? (
        <ComparisonView
          comparison={comparison}
          onBaseline={(run) => set({ baseline: run })}
          acknowledged={options.acknowledged}
          onAcknowledge={acknowledge}
        />
      ) : (
        <SkeletonRows rows={Math.min(8, Math.max(2, runs.length))} height={44} />
      )}
      {isSharing && (
        <ShareDialog
          target={{ scope: "COMPARISON", runs: [...runs], baseline: comparison?.baseline ?? null, name: "" }}
          onClose={() => setSharing(false)}
        />
      )}
    </>
  );
}
