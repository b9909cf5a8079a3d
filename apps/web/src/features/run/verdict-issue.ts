import { type GuideIssue, guideIssues } from "@residual/shared";
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
