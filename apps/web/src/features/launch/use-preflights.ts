"use client";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import {
  type ArchitectureId,
  LaunchPreflightDocument,
  type LaunchPreflightQuery,
  type TrainingConfigInput,
} from "@/gql/graphql";

export type PreflightAnswer = LaunchPreflightQuery["preflight"];

const pauseMs = 250;

/** Whether each config fits here and how long it would take; asked again a moment after the last change. Keeps the old answers meanwhile. */
export function usePreflights(
  configs: readonly TrainingConfigInput[],
  dataset: string | null,
): ReadonlyMap<ArchitectureId, PreflightAnswer> {
  const client = useClient();
  const [answers, setAnswers] = useState<ReadonlyMap<ArchitectureId, PreflightAnswer>>(new Map());
  const key = JSON.stringify(configs);
  useEffect(() => {
    if (dataset === null) return;
    let isCurrent = true;
    const ask = async () => {
      const inputs = JSON.parse(key) as TrainingConfigInput[];
      const results = await Promise.all(
        inputs.map((input) => client.query(LaunchPreflightDocument, { input, dataset }).toPromise()),
      );
      if (!isCurrent) return;
      setAnswers(
        new Map(
          results.flatMap(({ data }, index) => {
            const input = inputs[index];
            return data && input ? [[input.architecture, data.preflight] as const] : [];
          }),
        ),
      );
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, key, dataset]);
  return answers;
}
