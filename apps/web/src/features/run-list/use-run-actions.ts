"use client";
import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { type CombinedError, useMutation } from "urql";
import {
  CancelRunDocument,
  RestoreRunsDocument,
  ResumeRunDocument,
  StopRunDocument,
  TrashRunsDocument,
} from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";

/** What can be done with runs from a list. Each says in a note what went wrong; trashing offers to undo it. */
export function useRunActions(onTrashed?: (ids: readonly string[]) => void, onRestored?: () => void) {
  const t = useTranslations("runList");
  const [, stopRun] = useMutation(StopRunDocument);
  const [, cancelRun] = useMutation(CancelRunDocument);
  const [, resumeRun] = useMutation(ResumeRunDocument);
  const [, trashRuns] = useMutation(TrashRunsDocument);
  const [, restoreRuns] = useMutation(RestoreRunsDocument);

  const report = useCallback((error: CombinedError | undefined, done?: string): boolean => {
    const isDone = reportFailure(error);
    if (isDone && done) showToast(done);
    return isDone;
  }, []);
  const restore = useCallback(
    async (ids: readonly string[]) => {
      const { error } = await restoreRuns({ ids: [...ids] });
      if (report(error, t("restored", { count: ids.length }))) onRestored?.();
    },
    [restoreRuns, report, t, onRestored],
  );
  return {
    stop: async (id: string) => report((await stopRun({ id })).error, t("stopAsked")),
    cancel: async (id: string) => report((await cancelRun({ id })).error),
    resume: async (id: string) => report((await resumeRun({ id })).error, t("resumed")),
    restore,
    trash: async (ids: readonly string[]) => {
      const { error } = await trashRuns({ ids: [...ids] });
      if (!report(error)) return;
      onTrashed?.(ids);
      showToast(t("trashed", { count: ids.length }), { action: { label: t("undo"), run: () => void restore(ids) } });
    },
  };
}
