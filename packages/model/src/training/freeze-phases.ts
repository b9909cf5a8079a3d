import type { FreezePolicy } from "@residual/shared";
import type { TrainedPart } from "../graph/freeze.js";

/** A stretch of a run in which the same part of the network is trained. */
export interface FreezePhase {
  /** Updates done before it begins. */
  readonly firstStep: number;
  readonly part: TrainedPart;
}

/** The phases of a run, in order. GRADUAL gives a third of the steps to each: head, last stage too, everything. */
export function freezePhases(policy: FreezePolicy, totalSteps: number): readonly FreezePhase[] {
  if (policy === "NONE") return [{ firstStep: 0, part: "ALL" }];
  if (policy === "HEAD_ONLY") return [{ firstStep: 0, part: "HEAD" }];
  const phases: FreezePhase[] = [
    { firstStep: 0, part: "HEAD" },
    { firstStep: Math.round(totalSteps / 3), part: "LAST_STAGE" },
    { firstStep: Math.round((2 * totalSteps) / 3), part: "ALL" },
  ];
  // A run of one or two steps has no room for all three.
  return phases.filter(({ firstStep }, index) => phases[index + 1]?.firstStep !== firstStep && firstStep < totalSteps);
}
