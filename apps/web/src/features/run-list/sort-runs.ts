import type { RunRowFragment } from "@/gql/graphql";
import { finite } from "@/lib/format";

/** The columns by which a run table can be sorted. */
const sortKeys = ["name", "status", "architecture", "accuracy", "gap", "time", "speed", "created"] as const;

export type SortKey = (typeof sortKeys)[number];

export interface Sort {
  key: SortKey;
  isDescending: boolean;
}

const statusOrder = { RUNNING: 0, QUEUED: 1, FINISHED: 2, STOPPED: 3, FAILED: 4 } as const;

/** The sort that a search parameter says: `accuracy`, or `-accuracy` for the largest first. Newest first where it says nothing. */
export function parseSort(text: string): Sort {
  const isDescending = text.startsWith("-");
  const key = sortKeys.find((known) => known === text.replace(/^-/, ""));
  return key ? { key, isDescending } : { key: "created", isDescending: true };
}

export function sortText({ key, isDescending }: Sort): string {
  return `${isDescending ? "-" : ""}${key}`;
}

/** Best accuracy on the val split, 0 … 1: of the best evaluation, else the best logged value; null before there is one. */
export function bestAccuracy(run: RunRowFragment): number | null {
  return finite(run.bestEvaluation?.val.accuracy.estimate) ?? finite(run.valAccuracy?.best);
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

function sortValue(run: RunRowFragment, key: SortKey, now: number): string | number | null {
  switch (key) {
    case "name":
      return run.name.toLowerCase();
    case "status":
      return statusOrder[run.status];
    case "architecture":
      return run.architecture?.name ?? null;
    case "accuracy":
      return bestAccuracy(run);
    case "gap":
      return finite(run.generalizationGap?.accuracy?.estimate);
    case "time":
      return runSeconds(run, now);
    case "speed":
      return imagesPerSecond(run);
    case "created":
      return Date.parse(run.createdAt);
  }
}

/** Runs in the order of a column; runs without a value come last either way, equal ones stay newest first. */
export function sortRuns(runs: readonly RunRowFragment[], sort: Sort, now: number): RunRowFragment[] {
  const keyed = runs.map((run) => ({ run, value: sortValue(run, sort.key, now) }));
  const sign = sort.isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1;
    } else if (a.value !== b.value) {
      if (typeof a.value === "number" && typeof b.value === "number") return sign * (a.value - b.value);
      const order = String(a.value).localeCompare(String(b.value), "en", { numeric: true });
      if (order !== 0) return sign * order;
    }
    return b.run.createdAt < a.run.createdAt ? -1 : b.run.createdAt > a.run.createdAt ? 1 : 0;
  });
  return keyed.map(({ run }) => run);
}
