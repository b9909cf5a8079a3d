import type { Advice, AdviceSeverity } from "./advice.js";
import { adviseBatchNormMismatch } from "./rules/batch-norm-mismatch.js";
import { adviseDiverged } from "./rules/diverged.js";
import { adviseDoubtfulLabels } from "./rules/doubtful-labels.js";
import { adviseFewImages } from "./rules/few-images.js";
import { adviseMarginalGain } from "./rules/marginal-gain.js";
import { adviseOutOfMemory } from "./rules/out-of-memory.js";
import { adviseOverconfident } from "./rules/overconfident.js";
import { adviseOverfitting } from "./rules/overfitting.js";
import { adviseSlowConvergence } from "./rules/slow-convergence.js";
import { adviseSlowLoading } from "./rules/slow-loading.js";
import { adviseUnderfitting } from "./rules/underfitting.js";
import { adviseWeakClasses } from "./rules/weak-classes.js";
import type { RunEvidence } from "./run-evidence.js";

const rules: readonly ((evidence: RunEvidence) => Advice | null)[] = [
  adviseDiverged,
  adviseOutOfMemory,
  adviseBatchNormMismatch,
  adviseOverfitting,
  adviseOverconfident,
  adviseSlowConvergence,
  adviseUnderfitting,
  adviseWeakClasses,
  adviseDoubtfulLabels,
  adviseSlowLoading,
  adviseMarginalGain,
  adviseFewImages,
];

/** Changes with any rule, threshold or action, so that old and new advice are not counted together. */
export const advisorVersion = 2;

const gravity: Record<AdviceSeverity, number> = { ERROR: 0, WARN: 1, INFO: 2 };

/**
 * What a run's own record says should be tried next, the gravest first; empty where nothing stands out. A run that diverged is not told
 * that it learns slowly, and one that learns too slowly is not told once more that it underfits: each is the other's cause.
 */
export function advise(evidence: RunEvidence): Advice[] {
  const found = rules.map((rule) => rule(evidence)).filter((advice) => advice !== null);
  const has = (rule: Advice["rule"]) => found.some((advice) => advice.rule === rule);
  return found
    .filter(({ rule }) => !(rule === "SLOW_CONVERGENCE" && has("DIVERGED")))
    .filter(({ rule }) => !(rule === "UNDERFITTING" && (has("SLOW_CONVERGENCE") || has("DIVERGED"))))
    .toSorted((a, b) => gravity[a.severity] - gravity[b.severity]);
}
