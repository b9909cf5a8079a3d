"use client";
import { useTranslations } from "next-intl";
import { type CombinedError, useMutation } from "urql";
import { DeleteExperimentDocument, RestoreExperimentDocument } from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";

/** Moves experiments to the trash with their runs, and back. Deleting offers to undo it; each says in a note what went wrong. */
export function useExperimentTrash(onChanged: () => void) {
  const t = useTranslations("trash");
  const [, remove] = useMutation(DeleteExperimentDocument);
  const [, restoreOne] = useMutation(RestoreExperimentDocument);
  const settle = (error: CombinedError | undefined): boolean => {
    const isDone = reportFailure(error);
    if (isDone) onChanged();
    return isDone;
  };
  const restore = async ({ id, name }: { id: string; name: string }) => {
    if (settle((await restoreOne({ id })).error)) showToast(t("experimentRestored", { name }));
  };
  return {
    restore,
    remove: async (experiment: { id: string; name: string }) => {
      if (!settle((await remove({ id: experiment.id })).error)) return;
      const action = { label: t("undo"), run: () => void restore(experiment) };
      showToast(t("experimentDeleted", { name: experiment.name }), { action });
    },
  };
}
