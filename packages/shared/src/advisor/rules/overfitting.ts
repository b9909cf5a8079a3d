import { percent } from "../../message/percent.js";
import { architectureName } from "../../training-config/architecture-id.js";
import { trainingBounds } from "../../training-config/training-bounds.js";
import { augmentations, type TrainingConfig } from "../../training-config/training-config.js";
import { sayAction } from "../action-messages.js";
import type { Advice, AdviceAction } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { adviseOnly, plan } from "../plan-action.js";
import type { RunEvidence } from "../run-evidence.js";
import { smallerNetworkPatch } from "../smaller-network.js";

const highGap = 0.2;

/** A verdict of overfitting, or a resolved gap of ten points and more, or losses far apart (MILD). */
export function adviseOverfitting(evidence: RunEvidence): Advice | null {
  const { gap } = evidence;
  if (gap === null || (gap.verdict !== "OVERFITTING" && gap.verdict !== "MILD")) return null;
  const isLarge = gap.accuracy !== null && gap.accuracy.estimate >= highGap;
  return {
    rule: "OVERFITTING",
    severity: gap.verdict === "OVERFITTING" || isLarge ? "WARN" : "INFO",
    finding: gap.accuracy === null ? findingInLosses(gap) : findingInPoints(gap, gap.accuracy),
    actions: [
      ...(evidence.config === null ? [] : remedies(evidence, evidence.config)),
      adviseOnly("moreImages", sayMoreImages(imagesPerClass(evidence))),
    ],
  };
}

type Gap = NonNullable<RunEvidence["gap"]>;

function findingInPoints(gap: Gap, { estimate, low, high }: NonNullable<Gap["accuracy"]>): Advice["finding"] {
  const shown = { gap: percent(estimate), low: percentOrNull(low), high: percentOrNull(high) };
  return gap.onsetEpoch === null
    ? sayFinding("advice.overfitting.gap", shown)
    : sayFinding("advice.overfitting.onset", { ...shown, epoch: gap.onsetEpoch, wasted: gap.wastedEpochs });
}

function findingInLosses({ onsetEpoch, wastedEpochs }: Gap): Advice["finding"] {
  return onsetEpoch === null
    ? sayFinding("advice.overfitting.lossApart", {})
    : sayFinding("advice.overfitting.lossTurned", { epoch: onsetEpoch, wasted: wastedEpochs });
}

/** In the guide's order, then what published recipes add. */
function remedies(evidence: RunEvidence, config: TrainingConfig): AdviceAction[] {
  const smaller = smallerNetworkPatch(config);
  const augmentation = augmentations[augmentations.indexOf(config.augmentation) + 1];
  const onset = evidence.gap?.onsetEpoch ?? null;
  const epochs = onset === null ? null : Math.max(1, Math.ceil(onset));
  const { min } = trainingBounds(config.architecture, config.beyondGuide).learningRate;
  const learningRate = Math.max(min, Number((config.learningRate / 2).toPrecision(2)));
  const weightDecay = Math.min(0.3, Number((config.weightDecay * 5).toPrecision(2)));
  return [
    ...(smaller === null
      ? []
      : plan(
          evidence,
          "smallerNetwork",
          sayAction("advice.action.smallerNetwork", { network: architectureName(smaller.architecture) }),
          smaller,
        )),
    ...(augmentation === undefined
      ? []
      : plan(evidence, "augmentation", sayAction("advice.action.augmentation", {}), {
          augmentation,
        })),
    ...(epochs === null || epochs >= config.epochs
      ? []
      : plan(evidence, "fewerEpochs", sayAction("advice.action.fewerEpochs", { epochs }), { epochs })),
    ...(config.earlyStopping > 0
      ? []
      : plan(evidence, "earlyStopping", sayAction("advice.action.earlyStopping", { evaluations: 3 }), {
          earlyStopping: 3,
        })),
    ...plan(evidence, "lowerRate", sayAction("advice.action.lowerRateOverfitting", { learningRate }), { learningRate }),
    ...plan(evidence, "weightDecay", sayAction("advice.action.weightDecay", { weightDecay }), { weightDecay }),
    ...(config.mixup > 0 ? [] : plan(evidence, "mixup", sayAction("advice.action.mixup", {}), { mixup: 0.2 })),
    ...(config.labelSmoothing > 0
      ? []
      : plan(evidence, "labelSmoothing", sayAction("advice.action.labelSmoothing", {}), { labelSmoothing: 0.1 })),
    // Random first layers would be kept as they are.
    ...(config.freeze !== "NONE" || config.initialWeights === "RANDOM"
      ? []
      : plan(evidence, "gradual", sayAction("advice.action.gradual", {}), { freeze: "GRADUAL" })),
  ];
}

function sayMoreImages(perClass: number | null): AdviceAction["message"] {
  return perClass === null
    ? sayAction("advice.action.moreImagesUncounted", {})
    : sayAction("advice.action.moreImages", { perClass });
}

function imagesPerClass({ trainImages, classes }: RunEvidence): number | null {
  return trainImages === null || !classes?.length ? null : Math.round(trainImages / classes.length);
}

function percentOrNull(fraction: number | null): number | null {
  return fraction === null ? null : percent(fraction);
}
