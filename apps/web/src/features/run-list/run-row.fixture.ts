import type { RunRowFragment } from "@/gql/graphql";

/** A run as the table gets it, with what a test wants to differ. */
export function runRow(changes: Partial<RunRowFragment> & { id: string }): RunRowFragment {
  return {
    name: changes.id,
    status: "FINISHED",
    stopRequested: false,
    origin: "TRAINED_HERE",
    tags: [],
    seed: 0,
    group: null,
    error: null,
    createdAt: "2026-01-01T00:00:00Z",
    startedAt: null,
    finishedAt: null,
    trashedAt: null,
    experiment: { id: "exp_1", name: "Which backbone?" },
    architecture: { id: "resnet18", name: "ResNet-18" },
    dataset: { id: "dst_1", name: "Shoes" },
    progress: null,
    bestEvaluation: null,
    generalizationGap: null,
    valAccuracy: null,
    curves: {
      accuracy: { train: null, val: null },
      loss: { train: null, val: null },
      accuracyInPercent: false,
      bestValAccuracy: null,
    },
    passport: null,
    ...changes,
  };
}
