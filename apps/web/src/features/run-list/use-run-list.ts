"use client";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { type CombinedError, type OperationResult, useClient, useSubscription } from "urql";
import { emptyRunList, runListReducer } from "@/features/run-list/run-list-state";
import {
  type RunChange,
  type RunFilterInput,
  RunListDocument,
  type RunListQuery,
  type RunListQueryVariables,
  RunListUpdatesDocument,
} from "@/gql/graphql";
import { useLiveConnection } from "@/lib/live-connection";

// The first page is what a screen shows; the rest follows in larger ones while the reader looks.
const firstPage = 100;
const furtherPages = 1000;

/**
 * All runs of a project (or of one experiment), read page by page and kept up to date by subscription; read anew after a broken live
 * connection, because what changed meanwhile was not announced. onChange hears of every live change.
 */
export function useRunList(options: {
  project: string;
  experiment?: string;
  isTrash?: boolean;
  onChange?: (change: RunChange) => void;
}) {
  const { project, experiment, isTrash = false, onChange } = options;
  const client = useClient();
  const [state, dispatch] = useReducer(runListReducer, emptyRunList);
  const [error, setError] = useState<CombinedError | null>(null);
  const reading = useRef(0);

  const read = useCallback(async () => {
    const turn = ++reading.current;
    setError(null);
    const filter: RunFilterInput = { experiment, trashed: isTrash };
    let after: string | null = null;
    for (let isFirst = true, isLast = false; !isLast; isFirst = false) {
      const variables: RunListQueryVariables = {
        project,
        filter,
        orderBy: "CREATED_DESC",
        first: isFirst ? firstPage : furtherPages,
        after,
      };
      const result: OperationResult<RunListQuery> = await client
        .query(RunListDocument, variables, { requestPolicy: "network-only" })
        .toPromise();
      if (turn !== reading.current) return;
      if (result.error || !result.data) return setError(result.error ?? null);
      const { nodes, pageInfo, totalCount } = result.data.runs;
      isLast = !pageInfo.hasNextPage || pageInfo.endCursor === null;
      after = pageInfo.endCursor;
      dispatch({ type: "page", runs: nodes, totalCount, isFirst, isLast });
    }
  }, [client, project, experiment, isTrash]);

  useEffect(() => {
    dispatch({ type: "reset" });
    void read();
    return () => {
      reading.current++;
    };
  }, [read]);

  const { state: connection } = useLiveConnection();
  const wasBroken = useRef(false);
  useEffect(() => {
    if (connection === "reconnecting") wasBroken.current = true;
    if (connection === "connected" && wasBroken.current) {
      wasBroken.current = false;
      void read();
    }
  }, [connection, read]);

  useSubscription(
    { query: RunListUpdatesDocument, variables: { project, experiment }, pause: isTrash },
    (_, update) => {
      dispatch({ type: "change", change: update.runUpdates.change, run: update.runUpdates.run });
      onChange?.(update.runUpdates.change);
      return update;
    },
  );

  const remove = useCallback((ids: readonly string[]) => dispatch({ type: "remove", ids }), []);
  return { ...state, error, reload: read, remove };
}
