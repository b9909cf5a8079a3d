"use client";
import { useEffect, useState } from "react";
import { useClient } from "urql";
import { RunEpochsDocument } from "@/gql/graphql";

const none = new Map<string, number>();

/** Steps of an epoch by run id, asked for only while an epoch axis needs them. Runs that never said it are missing. */
export function useStepsPerEpoch(runs: string[], isNeeded: boolean): Map<string, number> {
  const client = useClient();
  const [known, setKnown] = useState(none);
  const list = isNeeded ? runs.join("\n") : "";
  useEffect(() => {
    if (list === "") return;
    let isCurrent = true;
    const ask = async (run: string): Promise<[string, number] | null> => {
      const { data } = await client.query(RunEpochsDocument, { run }).toPromise();
      const evaluation = data?.run?.evaluations.findLast(({ epoch, step }) => epoch > 0 && step > 0);
      if (evaluation) return [run, evaluation.step / evaluation.epoch];
      const progress = data?.run?.progress;
      return progress && progress.epochs > 0 && progress.steps > 0 ? [run, progress.steps / progress.epochs] : null;
    };
    void Promise.all(list.split("\n").map(ask)).then((found) => {
      if (isCurrent) setKnown(new Map(found.filter((entry) => entry !== null)));
    });
    return () => {
      isCurrent = false;
    };
  }, [client, list]);
  return known;
}
