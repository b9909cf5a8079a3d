"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { ComparisonView } from "@/features/comparison/comparison-view";
import { useComparisonUpdates } from "@/features/comparison/use-comparison-updates";
import { ShareDialog } from "@/features/share/share-dialog";
import { ComparePageDocument, type GroupBy } from "@/gql/graphql";
import { PageTrail } from "@/lib/page-trail";
import { rememberRunColors } from "@/lib/run-color";
import { useSay } from "@/lib/say";
import { useUrlList, useUrlState } from "@/lib/use-url-state";
import { Button, buttonClasses } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorState } from "@/ui/error-state";
import { Select } from "@/ui/field";
import { PageHeader } from "@/ui/page";
import { Skeleton, SkeletonRows } from "@/ui/skeleton";

const groupings = ["RUN", "SEED", "ARCHITECTURE"] as const satisfies GroupBy[];

/** Two to hundreds of runs side by side. Runs, baseline and grouping live in the address. */
export function ComparePage() {
  const t = useTranslations("comparison");
  const say = useSay();
  const [runs] = useUrlList("runs");
  const [baseline, setBaseline] = useUrlState("baseline", "");
  const [group, setGroup] = useUrlState("group", "run");
  const groupBy = groupings.find((known) => known === group.toUpperCase()) ?? "RUN";
  const [isSharing, setSharing] = useState(false);
  const runList = runs.join(",");
  const [{ data, error }, reload] = useQuery({
    query: ComparePageDocument,
    variables: { runs, baseline: baseline || null, groupBy },
    pause: runs.length === 0,
    requestPolicy: "cache-and-network",
  });
  // Before the first line is drawn: a colour that changed later would be seen to change.
  useMemo(() => rememberRunColors(runList === "" ? [] : runList.split(",")), [runList]);
  useComparisonUpdates(runs, () => reload({ requestPolicy: "network-only" }));

  const trail = <PageTrail steps={[{ label: t("place") }]} />;
  if (runs.length === 0) {
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
        title={t("title", { count: runs.length })}
        actions={
          <>
            <label className="flex items-center gap-2 text-sm whitespace-nowrap" htmlFor="group">
              {t("group.label")}
              <Select
                id="group"
                className="max-w-48"
                value={groupBy}
                onChange={(event) => setGroup(event.target.value.toLowerCase(), "push")}
              >
                {groupings.map((known) => (
                  <option key={known} value={known}>
                    {t(`group.${known}`)}
                  </option>
                ))}
              </Select>
            </label>
            <label className="flex items-center gap-2 text-sm whitespace-nowrap" htmlFor="baseline">
              {t("baseline.label")}
              <Select
                id="baseline"
                className="max-w-48"
                value={baseline}
                onChange={(event) => setBaseline(event.target.value, "push")}
              >
                <option value="">{t("baseline.best")}</option>
                {members.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            </label>
            <Button icon="share" onClick={() => setSharing(true)}>
              {t("share")}
            </Button>
          </>
        }
      >
        {comparison ? (
          <p className="max-w-4xl text-lg text-ink text-balance" aria-live="polite" data-testid="answer">
            {comparison.rows.length > 1 ? say(comparison.sentence) : t("noAnswer")}
          </p>
        ) : (
          <Skeleton className="my-1 h-6 w-full max-w-3xl" />
        )}
      </PageHeader>
      {comparison ? (
        <ComparisonView comparison={comparison} onBaseline={(run) => setBaseline(run, "push")} />
      ) : (
        <SkeletonRows rows={Math.min(8, runs.length)} height={44} />
      )}
      {isSharing && (
        <ShareDialog
          target={{ scope: "COMPARISON", runs, baseline: comparison?.baseline ?? null, name: "" }}
          onClose={() => setSharing(false)}
        />
      )}
    </>
  );
}
