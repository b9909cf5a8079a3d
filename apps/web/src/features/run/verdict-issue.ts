import { type ArchitectureId, type GuideIssue, guideIssues, isArchitectureId, smallerNetwork } from "@residual/shared";
import type { GapVerdict } from "@/gql/graphql";

const issueOfVerdict: Partial<Record<GapVerdict, string>> = {
  OVERFITTING: "overfitting",
  MILD: "overfitting",
  OVERCONFIDENT: "overfitting",
  UNDERFITTING: "convergence",
};

/** The guide's issue that a verdict speaks of, or null: no gap and a gap that cannot be judged yet need no cure. */
export function issueOfGap(verdict: GapVerdict | null): GuideIssue | null {
  const id = verdict && issueOfVerdict[verdict];
  return guideIssues.find((issue) => issue.id === id) ?? null;
}

/** The network that the guide's advice was written for. */
export const guidedArchitecture: ArchitectureId = "resnet101";

/** The next smaller network to overfit less with; null for the smallest and for a network that is none of ours. */
export function smallerArchitecture(architecture: string | null): ArchitectureId | null {
  return architecture !== null && isArchitectureId(architecture) ? smallerNetwork(architecture) : null;
}
