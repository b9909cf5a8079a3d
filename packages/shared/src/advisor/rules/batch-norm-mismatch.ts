import { percent } from "../../message/percent.js";
import { sayAction } from "../action-messages.js";
import type { Advice } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

const mismatch = 0.1;

/**
 * Train accuracy in evaluation mode far below that of training itself: augmentation makes training harder, so that it should be the other
 * way round. The running statistics of batch normalization are then not those of the images.
 */
export function adviseBatchNormMismatch(evidence: RunEvidence): Advice | null {
  const last = evidence.evaluations.at(-1);
  if (last?.trainRunningAccuracy == null || last.train.examples === 0) return null;
  const evaluated = last.train.correct / last.train.examples;
  if (last.trainRunningAccuracy - evaluated <= mismatch) return null;
  const { config } = evidence;
  if (config !== null && (!config.architecture.startsWith("resnet") || config.freezeBatchNorm)) return null;
  const batchSize = config === null ? 0 : config.batchSize * 2;
  return {
    rule: "BATCH_NORM_MISMATCH",
    severity: "WARN",
    finding: sayFinding("advice.batchNorm.finding", {
      evaluated: percent(evaluated),
      running: percent(last.trainRunningAccuracy),
    }),
    actions: [
      ...(config === null || config.initialWeights === "RANDOM"
        ? []
        : plan(evidence, "freezeBatchNorm", sayAction("advice.action.freezeBatchNorm", {}), { freezeBatchNorm: true })),
      ...plan(evidence, "largerBatch", sayAction("advice.action.largerBatch", { batchSize }), { batchSize }),
    ],
  };
}
