"use client";
import { useTranslations } from "next-intl";
import type { RunRowFragment, RunStatus } from "@/gql/graphql";
import { useFormat } from "@/lib/use-format";
import { cx } from "@/ui/class-names";
import { ProgressBar } from "@/ui/progress-bar";

const dots: Record<RunStatus, string> = {
  QUEUED: "border border-ink-3",
  RUNNING: "bg-accent live-dot",
  FINISHED: "bg-ink-3",
  STOPPED: "border-2 border-ink-3",
  FAILED: "bg-bad",
};

export function RunStatusDot({ status }: { status: RunStatus }) {
  return <span aria-hidden="true" className={cx("inline-block size-2 shrink-0 rounded-full", dots[status])} />;
}

/** The status in words; while the run trains, the epoch, the time left and a bar that moves. */
export function RunStatusCell({
  run,
}: {
  run: Pick<RunRowFragment, "status" | "stopRequested" | "progress" | "error">;
}) {
  const t = useTranslations("runList");
  const format = useFormat();
  const { progress, status } = run;
  if (status !== "RUNNING" || !progress) {
    return (
      <span className={cx("flex items-center gap-2", status === "FAILED" && "text-bad")} title={run.error ?? undefined}>
        <RunStatusDot status={status} />
        {t(`status.${status}`)}
      </span>
    );
  }
  const label = run.stopRequested ? t("stopping") : t("epochOf", { epoch: progress.epoch, epochs: progress.epochs });
  return (
    <div className="flex flex-col gap-1">
      <div className="tabular flex items-center gap-2">
        <RunStatusDot status={status} />
        <span className="truncate">{label}</span>
        {progress.secondsLeft !== null && (
          <span className="ml-auto text-xs whitespace-nowrap text-ink-3">
            {t("timeLeft", { time: format.estimate(progress.secondsLeft) })}
          </span>
        )}
      </div>
      <ProgressBar share={progress.steps > 0 ? progress.step / progress.steps : null} label={label} />
    </div>
  );
}
