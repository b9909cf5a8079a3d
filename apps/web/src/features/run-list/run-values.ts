import type { RunRowFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";

/** Best accuracy on the val split, 0 … 1: of the best evaluation, else the best logged value; null before there is one. */
export function bestAccuracy(run: RunRowFragment): number | null {
  return (
    finite(run.bestEvaluation?.val.accuracy.estimate) ?? finite(run.valAccuracy?.best) ?? run.curves.bestValAccuracy
  );
}

/** Seconds from a run's start to its end, or until now while it runs; null before it starts. */
export function runSeconds(run: RunRowFragment, now: number): number | null {
  if (!run.startedAt) return null;
  const end = run.finishedAt ? Date.parse(run.finishedAt) : now;
  return Math.max(0, (end - Date.parse(run.startedAt)) / 1000);
}

export function imagesPerSecond(run: RunRowFragment): number | null {
  return (
    (run.status === "RUNNING" ? run.progress?.imagesPerSecond : null) ?? run.passport?.measuredImagesPerSecond ?? null
  );
}
