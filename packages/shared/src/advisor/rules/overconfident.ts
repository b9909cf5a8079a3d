import { percent } from "../../message/percent.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

const poorCalibration = 0.1;

/** Val loss rises although val accuracy holds, or confidences are ten points and more away from the accuracy. */
export function adviseOverconfident(evidence: RunEvidence): Advice | null {
  const error = evidence.evaluations.at(-1)?.valCalibrationError ?? null;
  const turned = evidence.gap?.verdict === "OVERCONFIDENT";
  if (!turned && (error === null || error <= poorCalibration)) return null;
  const epoch = evidence.gap?.onsetEpoch ?? null;
  const shown = error === null ? null : percent(error);
  return {
    rule: "OVERCONFIDENT",
    severity: "INFO",
    finding: !turned
      ? sayFinding("advice.overconfident.calibration", { error: shown })
      : shown === null
        ? sayFinding("advice.overconfident.lossOnly", { epoch })
        : sayFinding("advice.overconfident.loss", { epoch, error: shown }),
    actions: [
      adviseOnly("temperature", sayAction("advice.action.temperature", {})),
      ...(evidence.config !== null && evidence.config.labelSmoothing === 0
        ? plan(evidence, "labelSmoothing", sayAction("advice.action.labelSmoothing", {}), { labelSmoothing: 0.1 })
        : []),
    ],
  };
}
