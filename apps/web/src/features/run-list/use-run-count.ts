"use client";
import { useQuery } from "urql";
import { filterWithin } from "@/features/run-list/use-run-list";
import { RunCountDocument } from "@/gql/graphql";

/** How many runs match, counted up to a bound by the server while the table already shows the first; null until it is known. */
export function useRunCount(
  project: string,
  experiment: string | undefined,
  filter: string,
  isWanted: boolean,
): { value: number; isExact: boolean } | null {
  const [{ data }] = useQuery({
    query: RunCountDocument,
    variables: { project, filter: filterWithin(experiment, filter) },
    pause: !isWanted,
    requestPolicy: "network-only",
  });
  return isWanted ? (data?.runs.totalCount ?? null) : null;
}
