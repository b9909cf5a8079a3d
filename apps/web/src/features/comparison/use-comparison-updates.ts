"use client";
import { useEffect, useRef } from "react";
import { useSubscription } from "urql";
import { useSession } from "@/features/frame/session";
import { ComparisonUpdatesDocument } from "@/gql/graphql";

/** A comparison is worked out anew at most once in this time, however many of its runs are evaluated. */
const againMs = 1500;

/** Calls back when a run of the comparison was evaluated, changed its status or was renamed. */
export function useComparisonUpdates(runs: readonly string[], onChange: () => void): void {
  const { project } = useSession();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useSubscription(
    { query: ComparisonUpdatesDocument, variables: { project: project.slug }, pause: runs.length === 0 },
    (_, update) => {
      const { change, run } = update.runUpdates;
      if (change !== "PROGRESS" && runs.includes(run.id)) {
        clearTimeout(timer.current);
        timer.current = setTimeout(onChange, againMs);
      }
      return update;
    },
  );
}
