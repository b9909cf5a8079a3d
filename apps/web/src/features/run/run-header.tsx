"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { WeightsChip } from "@/features/run/weights-chip";
import { RunStatusDot } from "@/features/run-list/run-status-cell";
import { VerdictChip } from "@/features/run-list/verdict-chip";
import type { RunViewFragment } from "@/gql/graphql";
import { runColor } from "@/lib/run-color";
import { useSay } from "@/lib/say";
import { useFormat } from "@/lib/use-format";
import { Chip } from "@/ui/chip";
import { PageHeader } from "@/ui/page";
import { ProgressBar } from "@/ui/progress-bar";
import { RelativeTime } from "@/ui/relative-time";

/** Name, verdict in a sentence, and where the run stands. */
export function RunHeader({
  run,
  isTrashed = false,
  actions,
}: {
  run: RunViewFragment;
  isTrashed?: boolean;
  actions?: ReactNode;
}) {
  const t = useTranslations("run");
  const list = useTranslations("runList");
  const say = useSay();
  const format = useFormat();
  const gap = run.generalizationGap;
  const seconds =
    run.startedAt && run.finishedAt ? (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000 : null;
  return (
    <PageHeader
      title={
        <span className="flex items-center gap-2">
          <span aria-hidden="true" className="size-3 shrink-0 rounded-full" style={{ background: runColor(run.id) }} />
          {run.name}
        </span>
      }
      actions={actions}
    >
      <p className="text-base text-ink" data-testid="verdict">
        {run.error ?? (gap ? say(gap.explanation) : t(`state.${run.status}`))}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className="flex items-center gap-1.5">
          <RunStatusDot status={run.status} />
          {list(`status.${run.status}`)}
        </span>
        {gap && <VerdictChip verdict={gap.verdict} />}
        {run.architecture && <span>{run.architecture.name}</span>}
        <WeightsChip run={run} />
        {run.origin === "LOGGED" && <Chip>{t("logged")}</Chip>}
        {isTrashed && <Chip tone="warn">{t("trashed")}</Chip>}
        {run.tags.map((tag) => (
          <Chip key={tag}>{tag}</Chip>
        ))}
        {run.startedAt && (
          <span>{t.rich("started", { when: () => <RelativeTime key="when" at={run.startedAt!} /> })}</span>
        )}
        {seconds !== null && <span>{t("took", { time: format.duration(seconds) })}</span>}
      </div>
      {run.status === "RUNNING" && run.progress && (
        <RunProgress progress={run.progress} isStopping={run.stopRequested} />
      )}
      {run.notes && <p className="mt-2 max-w-prose whitespace-pre-line">{run.notes}</p>}
    </PageHeader>
  );
}

function RunProgress({
  progress,
  isStopping,
}: {
  progress: NonNullable<RunViewFragment["progress"]>;
  isStopping: boolean;
}) {
  const t = useTranslations("run");
  const list = useTranslations("runList");
  const format = useFormat();
  const label = isStopping
    ? list("stopping")
    : t("phase", { phase: sayPhase(t, progress.phase), epoch: progress.epoch, epochs: progress.epochs });
  return (
    <div className="mt-2 flex max-w-xl flex-col gap-1">
      <ProgressBar share={progress.steps > 0 ? progress.step / progress.steps : null} label={label} />
      <div className="tabular flex flex-wrap gap-x-3 text-xs text-ink-3">
        <span>{label}</span>
        {progress.imagesPerSecond !== null && (
          <span>{t("system.images", { value: format.number(progress.imagesPerSecond) })}</span>
        )}
        {progress.secondsLeft !== null && <span>{t("left", { time: format.duration(progress.secondsLeft) })}</span>}
      </div>
    </div>
  );
}

/** A worker of a newer version may be in a phase that this page has no word for: then its own word is better than none. */
function sayPhase(t: ReturnType<typeof useTranslations<"run">>, phase: string): string {
  const key = `phases.${phase}` as "phases.training";
  return t.has(key) ? t(key) : phase;
}
