"use client";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useState } from "react";
import { type CombinedError, useClient, useMutation } from "urql";
import {
  type ArtifactRowFragment,
  DeleteArtifactDocument,
  RestoreArtifactDocument,
  RunArtifactsDocument,
} from "@/gql/graphql";
import { reportFailure } from "@/lib/report-failure";
import { showToast } from "@/lib/toast";

interface State {
  readonly artifacts: readonly ArtifactRowFragment[];
  /** Of the next page; null where there is none. */
  readonly next: string | null;
  readonly isLoaded: boolean;
  readonly error?: CombinedError;
}

const nothing: State = { artifacts: [], next: null, isLoaded: false };

/** The files of a run, or those in its trash, with what can be done to them; read again when `version` changes. Deleting offers to undo it. */
export function useArtifacts({
  run,
  isTrash,
  version,
  onChanged,
}: {
  run: string;
  isTrash: boolean;
  version: number;
  onChanged: () => void;
}) {
  const t = useTranslations("artifact");
  const client = useClient();
  const [state, setState] = useState<State>(nothing);
  const [, deleteArtifact] = useMutation(DeleteArtifactDocument);
  const [, restoreArtifact] = useMutation(RestoreArtifactDocument);

  const load = useCallback(
    async (after: string | null) => {
      const variables = { run, after, trashed: isTrash };
      const { data, error } = await client.query(RunArtifactsDocument, variables, { requestPolicy: "network-only" });
      const page = data?.run?.artifacts;
      if (!page) return setState((before) => ({ ...before, isLoaded: true, error }));
      setState((before) => ({
        artifacts: after === null ? page.nodes : [...before.artifacts, ...page.nodes],
        next: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null,
        isLoaded: true,
      }));
    },
    [client, run, isTrash],
  );
  const reload = useCallback(() => void load(null), [load]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what says that there is something new
  useEffect(reload, [reload, version]);

  const settle = (error: CombinedError | undefined): boolean => {
    // After an error too: what the page shows may be what others have changed.
    onChanged();
    return reportFailure(error);
  };
  const restore = async ({ id, name }: ArtifactRowFragment) => {
    if (settle((await restoreArtifact({ id })).error)) showToast(t("restored", { name }));
  };
  const remove = async (artifact: ArtifactRowFragment) => {
    if (!settle((await deleteArtifact({ id: artifact.id })).error)) return;
    const action = { label: t("undo"), run: () => void restore(artifact) };
    showToast(t("deleted", { name: artifact.name }), { action });
  };
  const more = state.next === null ? null : () => void load(state.next);
  return { ...state, reload, restore, remove, more };
}
