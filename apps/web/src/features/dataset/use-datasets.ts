"use client";
import { useEffect } from "react";
import { useQuery } from "urql";
import { DatasetListDocument } from "@/gql/graphql";

const pollMs = 1000;

/** The datasets of a project. There is no subscription for scans, so while one runs its progress is asked for once a second. */
export function useDatasets(project: string) {
  const [{ data, error }, ask] = useQuery({
    query: DatasetListDocument,
    variables: { project },
    requestPolicy: "cache-and-network",
  });
  const datasets = data?.project?.datasets;
  const isScanning = datasets?.some(({ status }) => status === "SCANNING") ?? false;
  useEffect(() => {
    if (!isScanning) return;
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), pollMs);
    return () => clearInterval(timer);
  }, [isScanning, ask]);
  return { datasets, error: data ? undefined : error, reload: () => ask({ requestPolicy: "network-only" }) };
}
