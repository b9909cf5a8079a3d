"use client";
import { useMemo } from "react";
import { useQuery } from "urql";
import { useSession } from "@/features/frame/session";
import { filterWithin } from "@/features/run-list/use-run-list";
import { ComparedRunsDocument } from "@/gql/graphql";
import { useUrlList, useUrlState } from "@/lib/use-url-state";

/** Runs that the API makes one comparison of; of more that a query finds, the newest are taken. */
export const mostCompared = 1_000;

/**
 * The runs that the address names: one by one in `runs`, or all of an `experiment` that answer the query `q`. A thousand ids are 37 KB, which no
 * server takes for an address.
 */
export function useComparedRuns() {
  const { project } = useSession();
  const [named] = useUrlList("runs");
  const [experiment] = useUrlState("experiment", "");
  const [where] = useUrlState("q", "");
  const isQuery = named.length === 0 && (experiment !== "" || where !== "");
  const filter = filterWithin(experiment === "" ? undefined : experiment, where);
  const [{ data, error }] = useQuery({
    query: ComparedRunsDocument,
    variables: { project: project.slug, filter, first: mostCompared },
    pause: !isQuery,
    requestPolicy: "cache-and-network",
  });
  const namedList = named.join(",");
  const found = isQuery ? data?.runs : undefined;
  // The oldest first, as runs that are named one by one usually are.
  const runs = useMemo(
    () =>
      isQuery ? (found?.nodes ?? []).map(({ id }) => id).toReversed() : namedList === "" ? [] : namedList.split(","),
    [isQuery, found, namedList],
  );
  return {
    runs,
    isAsking: isQuery && !data && !error,
    error: isQuery ? error : undefined,
    isCut: found?.pageInfo.hasNextPage ?? false,
  };
}

/** The address at which all runs of a list are compared. */
export function compareAllAddress(experiment: string | undefined, where: string): string {
  const params = new URLSearchParams();
  if (experiment !== undefined) params.set("experiment", experiment);
  if (where !== "" || experiment === undefined) params.set("q", where === "" ? "id != null" : where);
  return `/compare?${params}`;
}
