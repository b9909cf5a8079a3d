import { percent } from "../../message/percent.js";
import { trainingBounds } from "../../training-config/training-bounds.js";
import { augmentations, type TrainingConfig } from "../../training-config/training-config.js";
import { sayAction } from "../action-messages.js";
import type { Advice, AdviceAction } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";

/** A finished run that does not even know its train images (assessGap: UNDERFITTING). */
export function adviseUnderfitting(evidence: RunEvidence): Advice | null {
  const last = evidence.evaluations.at(-1);
  if (evidence.status !== "FINISHED" || evidence.gap?.verdict !== "UNDERFITTING" || !last?.train.examples) return null;
  const trainAccuracy = percent(last.train.correct / last.train.examples);
  return {
    rule: "UNDERFITTING",
    severity: "WARN",
    finding: sayFinding("advice.underfitting.finding", { trainAccuracy, epochs: last.epoch }),
    actions: evidence.config === null ? [] : remedies(evidence, evidence.config),
  };
}

function remedies(evidence: RunEvidence, config: TrainingConfig): AdviceAction[] {
  const bounds = trainingBounds(config.architecture, config.beyondGuide);
  const epochs = Math.min(bounds.epochs.max, config.epochs * 2);
  const learningRate = Math.min(bounds.learningRate.max, Number((config.learningRate * 3).toPrecision(2)));
  const augmentation = augmentations[augmentations.indexOf(config.augmentation) - 1];
  return [
    ...plan(evidence, "moreEpochs", sayAction("advice.action.moreEpochs", { epochs }), { epochs }),
    ...plan(evidence, "higherRate", sayAction("advice.action.higherRate", { learningRate }), { learningRate }),
    ...(augmentation === undefined
      ? []
      : plan(evidence, "lessAugmentation", sayAction("advice.action.lessAugmentation", {}), {
          augmentation,
        })),
    ...(config.freeze === "NONE"
      ? []
      : plan(evidence, "unfreeze", sayAction("advice.action.unfreeze", {}), { freeze: "NONE" })),
  ];
}
