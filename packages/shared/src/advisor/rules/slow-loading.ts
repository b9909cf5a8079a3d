import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

const longWait = 0.3;

/** The device waits for images for more than three tenths of the training. */
export function adviseSlowLoading(evidence: RunEvidence): Advice | null {
  const { loaderWaitShare, config } = evidence;
  if (loaderWaitShare === null || loaderWaitShare <= longWait) return null;
  return {
    rule: "SLOW_LOADING",
    severity: "WARN",
    finding: sayFinding("advice.loading.finding", { percent: Math.round(100 * loaderWaitShare) }),
    actions: [
      adviseOnly("fasterDisk", sayAction("advice.action.fasterDisk", {})),
      ...(config?.augmentation === "HEAVY"
        ? plan(evidence, "lessAugmentation", sayAction("advice.action.lessAugmentation", {}), {
            augmentation: "STANDARD",
          })
        : []),
    ],
  };
}
