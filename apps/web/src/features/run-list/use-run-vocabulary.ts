"use client";
import type { CompletionVocabulary } from "@residual/shared";
import { useMemo } from "react";
import { useQuery } from "urql";
import { RunVocabularyDocument } from "@/gql/graphql";

/** What the project's runs have to be asked for; empty until somebody is about to ask. */
export function useRunVocabulary(project: string, isWanted: boolean): CompletionVocabulary {
  const [{ data }] = useQuery({ query: RunVocabularyDocument, variables: { project }, pause: !isWanted });
  return useMemo(() => {
    const found = data?.project;
    return {
      metricKeys: found?.runVocabulary.metricKeys ?? [],
      configPaths: found?.runVocabulary.configPaths ?? [],
      tags: found?.runVocabulary.tags ?? [],
      experiments: found?.experiments.nodes.map(({ name }) => name) ?? [],
      datasets: found?.datasets.map(({ name }) => name) ?? [],
    };
  }, [data]);
}
