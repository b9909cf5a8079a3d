import { architectureName } from "../../training-config/architecture-id.js";
import type { TrainingConfig } from "../../training-config/training-config.js";
import { sayAction } from "../action-messages.js";
import type { Advice, AdviceAction } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";
import { smallerNetworkPatch } from "../smaller-network.js";

/** Above this part of the memory the next allocation may be the one too many. */
const tightShare = 0.9;
const imageSizes = [224, 192, 160, 128, 96, 64] as const;

/** A run that ran out of memory, that went on with smaller parts of its batches, or that is predicted to. */
export function adviseOutOfMemory(evidence: RunEvidence): Advice | null {
  const { failure, outOfMemoryRecoveries, memory, status, config } = evidence;
  const failed = failure === "OUT_OF_MEMORY";
  const tight = status !== "FINISHED" && memory !== null && memory.neededBytes > tightShare * memory.availableBytes;
  if (!failed && outOfMemoryRecoveries === 0 && !tight) return null;
  const sizes = { needed: gigabytes(memory?.neededBytes), available: gigabytes(memory?.availableBytes) };
  return {
    rule: "OUT_OF_MEMORY",
    severity: failed ? "ERROR" : outOfMemoryRecoveries > 0 ? "INFO" : "WARN",
    finding: failed
      ? sayFinding("advice.memory.failed", sizes)
      : outOfMemoryRecoveries > 0
        ? sayFinding("advice.memory.recovered", { times: outOfMemoryRecoveries })
        : sayFinding("advice.memory.tight", sizes),
    actions:
      config === null
        ? [adviseOnly("smallerBatch", sayAction("advice.action.smallerBatchSomehow", {}))]
        : reliefs(evidence, config),
  };
}

function reliefs(evidence: RunEvidence, config: TrainingConfig): AdviceAction[] {
  const microBatches = config.microBatches * 2;
  const batchSize = Math.floor(config.batchSize / 2);
  const imageSize = imageSizes.find((size) => size < config.imageSize) ?? null;
  const smaller = smallerNetworkPatch(config);
  const precision = evidence.precisions.find((choice) => choice === "BF16");
  return [
    ...plan(
      evidence,
      "accumulate",
      sayAction("advice.action.accumulate", { batchSize: config.batchSize, microBatches }),
      {
        microBatches,
      },
    ),
    ...plan(evidence, "smallerBatch", sayAction("advice.action.smallerBatch", { batchSize }), { batchSize }),
    ...plan(evidence, "checkpointing", sayAction("advice.action.checkpointing", {}), { gradientCheckpointing: true }),
    ...(imageSize === null
      ? []
      : plan(evidence, "smallerImages", sayAction("advice.action.smallerImages", { imageSize }), { imageSize })),
    ...(precision === undefined
      ? []
      : plan(evidence, "mixedPrecision", sayAction("advice.action.mixedPrecision", { precision }), { precision })),
    ...plan(evidence, "headOnly", sayAction("advice.action.headOnly", {}), { freeze: "HEAD_ONLY" }),
    ...(smaller === null
      ? []
      : plan(
          evidence,
          "smallerNetwork",
          sayAction("advice.action.smallerNetwork", { network: architectureName(smaller.architecture) }),
          smaller,
        )),
  ];
}

function gigabytes(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / 1e8) / 10;
}
