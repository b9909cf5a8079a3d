"use client";
import { defaultRunOrder } from "@residual/shared";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { type CombinedError, useClient, useSubscription } from "urql";
import { emptyRunList, runListReducer } from "@/features/run-list/run-list-state";
import { type RunChange, RunListDocument, type RunListQuery, RunListUpdatesDocument } from "@/gql/graphql";
import { useLiveConnection } from "@/lib/live-connection";

// The first page is what a screen shows; the rest follows in larger ones while the reader looks, as far as anybody scrolls.
const firstPage = 50;
const furtherPages = 1000;
const readAhead = 10_000;
const refreshPauseMs = 3_000;

export interface RunListOptions {
  project: string;
  experiment?: string;
  /** In the query language; the server finds and sorts. */
  filter?: string;
  orderBy?: string;
  isTrash?: boolean;
  onChange?: (change: RunChange) => void;
}

/** The filter of an experiment's page: its own runs, and of these the ones that were asked for. */
export function filterWithin(experiment: string | undefined, filter: string): string {
  if (experiment === undefined) return filter;
  return filter === "" ? `experiment = ${experiment}` : `experiment = ${experiment} and (${filter})`;
}

/**
 * The runs of a project (or of one experiment) that match, in order, read page by page and kept up to date by subscription; read anew after
 * a broken live connection, because what changed meanwhile was not announced. onChange hears of every live change.
 */
export function useRunList(options: RunListOptions) {
  const { project, experiment, filter = "", orderBy = defaultRunOrder, isTrash = false, onChange } = options;
  const client = useClient();
  const [state, dispatch] = useReducer(runListReducer, emptyRunList);
  const [error, setError] = useState<CombinedError | null>(null);
  /** Which reading is the present one, where it stands, and whether a page is on its way. */
  const reading = useRef({ turn: 0, after: null as string | null, isBusy: false });
  const pause = useRef<ReturnType<typeof setTimeout> | null>(null);
  const length = useRef(0);
  length.current = state.runs.size;

  const readPage = useCallback(
    async (first: number, after: string | null): Promise<RunListQuery["runs"] | null> => {
      const turn = reading.current.turn;
      const variables = { project, filter: filterWithin(experiment, filter), orderBy, trashed: isTrash, first, after };
      const result = await client.query(RunListDocument, variables, { requestPolicy: "network-only" }).toPromise();
      if (turn !== reading.current.turn) return null;
      if (result.error || !result.data) {
        setError(result.error ?? null);
        return null;
      }
      return result.data.runs;
    },
    [client, project, experiment, filter, orderBy, isTrash],
  );

  /** Reads on until `upTo` runs are here, or all. */
  const readOn = useCallback(
    async (upTo: number, isAnew = false) => {
      const current = reading.current;
      if (current.isBusy && !isAnew) return;
      const turn = isAnew ? ++current.turn : current.turn;
      current.isBusy = true;
      if (isAnew) current.after = null;
      for (let count = isAnew ? 0 : length.current, hasMore = true; hasMore && count < upTo; ) {
        const isFirst = count === 0;
        const page = await readPage(isFirst ? firstPage : furtherPages, isFirst ? null : current.after);
        if (!page) break;
        hasMore = page.pageInfo.hasNextPage && page.nodes.length > 0;
        current.after = page.pageInfo.endCursor;
        count += page.nodes.length;
        dispatch({ type: "page", runs: page.nodes, isFirst, hasMore });
      }
      if (turn === current.turn) current.isBusy = false;
    },
    [readPage],
  );
  const reload = useCallback(async () => {
    setError(null);
    await readOn(readAhead, true);
  }, [readOn]);

  useEffect(() => {
    dispatch({ type: "reset" });
    void reload();
    const current = reading.current;
    return () => {
      current.turn++;
      if (pause.current) clearTimeout(pause.current);
      pause.current = null;
    };
  }, [reload]);

  const { state: connection } = useLiveConnection();
  const wasBroken = useRef(false);
  useEffect(() => {
    if (connection === "reconnecting") wasBroken.current = true;
    if (connection === "connected" && wasBroken.current) {
      wasBroken.current = false;
      void reload();
    }
  }, [connection, reload]);

  // Where a run belongs in a filtered or sorted list, only the server knows: the part that people look at is read again.
  const isPlain = filter === "" && orderBy === defaultRunOrder;
  const refreshSoon = useCallback(() => {
    pause.current ??= setTimeout(() => {
      pause.current = null;
      if (reading.current.isBusy) return refreshSoon();
      void readPage(Math.max(firstPage, Math.min(length.current, furtherPages)), null).then((page) => {
        if (page) dispatch({ type: "refreshed", runs: page.nodes, hasMore: page.pageInfo.hasNextPage });
      });
    }, refreshPauseMs);
  }, [readPage]);

  useSubscription(
    { query: RunListUpdatesDocument, variables: { project, experiment }, pause: isTrash },
    (_, update) => {
      const { change, run } = update.runUpdates;
      dispatch({ type: "change", change, run, isPlain });
      if (isPlain ? change === "TRASHED" && run.trashedAt === null : change !== "PROGRESS") refreshSoon();
      onChange?.(change);
      return update;
    },
  );

  /** Makes runs known that the list does not hold, by their ids. */
  const recall = useCallback(
    async (ids: readonly string[]) => {
      const variables = {
        project,
        filter: `id in (${ids.join(", ")})`,
        orderBy,
        trashed: false,
        first: 1000,
        after: null,
      };
      const { data } = await client.query(RunListDocument, variables).toPromise();
      if (data) dispatch({ type: "known", runs: data.runs.nodes });
    },
    [client, project, orderBy],
  );
  const remove = useCallback((ids: readonly string[]) => dispatch({ type: "remove", ids }), []);
  const readMore = useCallback(() => void readOn(length.current + furtherPages), [readOn]);
  return {
    ...state,
    error,
    /** There is nothing at all, not only nothing that matches. */
    isEmpty: state.isLoaded && state.runs.size === 0 && filter === "",
    reload,
    readMore,
    recall,
    remove,
  };
}
