"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type CombinedError, useQuery, useSubscription } from "urql";
import {
  RunPageDocument,
  type RunPageQuery,
  RunPageUpdatesDocument,
  type RunPageUpdatesSubscription,
} from "@/gql/graphql";
import { useLiveConnection } from "@/lib/live-connection";

export type PageRun = NonNullable<RunPageQuery["run"]>;

/** At most one re-read in this time: a run that evaluates often changes much, but nobody reads faster. */
const rereadMs = 400;

/** A run and all that its page shows, live: progress comes with each update, the rest is read again when it changes. */
export function useRun(
  id: string,
  project: string,
): { run: PageRun | null; isLoading: boolean; error?: CombinedError; reload: () => void } {
  const [{ data, error, fetching }, query] = useQuery({
    query: RunPageDocument,
    variables: { id },
    requestPolicy: "cache-and-network",
  });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const reload = useCallback(() => query({ requestPolicy: "network-only" }), [query]);
  const reloadSoon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(reload, rereadMs);
  }, [reload]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const experiment = data?.run?.experiment.id;
  const [live, setLive] = useState<RunPageUpdatesSubscription["runUpdates"]["run"] | null>(null);
  useSubscription(
    { query: RunPageUpdatesDocument, variables: { project, experiment }, pause: experiment === undefined },
    (_, update) => {
      const { run, change } = update.runUpdates;
      if (run.id === id) {
        setLive(run);
        if (change !== "PROGRESS") reloadSoon();
      }
      return update;
    },
  );
  // What was read last is newer than what was announced before it.
  const read = data?.run ?? null;
  useEffect(() => {
    if (read) setLive(null);
  }, [read]);

  // What changed while the connection was broken was not announced.
  const { state } = useLiveConnection();
  const wasBroken = useRef(false);
  useEffect(() => {
    if (state === "reconnecting") wasBroken.current = true;
    else if (state === "connected" && wasBroken.current) {
      wasBroken.current = false;
      reload();
    }
  }, [state, reload]);

  const run = read && live ? { ...read, ...live } : read;
  return { run, isLoading: fetching && !data, error: data ? undefined : error, reload };
}
