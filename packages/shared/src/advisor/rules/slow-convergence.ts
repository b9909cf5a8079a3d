import { percent } from "../../message/percent.js";
import { trainingBounds } from "../../training-config/training-bounds.js";
import type { TrainingConfig } from "../../training-config/training-config.js";
import { sayAction } from "../action-messages.js";
import type { Advice, AdviceAction } from "../advice.js";
import { sayFinding } from "../finding-messages.js";
import { plan } from "../plan-action.js";
import type { EvaluationEvidence, RunEvidence } from "../run-evidence.js";

const lowTrainAccuracy = 0.6;
/** Points of train accuracy that an epoch still brings. */
const stillRising = 0.01;
/** Part of ln(classes), the loss of a guess, that training has to take off within its first half epoch and 50 steps. */
const firstDrop = 0.05;
const firstSteps = 50;
/** With fewer val images any accuracy may be the largest class's share by chance. */
const tellingImages = 50;

/** Training that has hardly begun to learn when it ends, or that guesses the most frequent class. */
export function adviseSlowConvergence(evidence: RunEvidence): Advice | null {
  const last = evidence.evaluations.at(-1);
  if (!last || last.train.examples === 0 || last.val.examples === 0) return null;
  const finding = guessing(evidence, last) ?? hardlyLearning(evidence, last) ?? endedEarly(evidence, last);
  if (finding === null) return null;
  const actions = evidence.config === null ? [] : accelerations(evidence, evidence.config);
  return { rule: "SLOW_CONVERGENCE", severity: "WARN", finding, actions };
}

type Finding = Advice["finding"] | null;

/** Val accuracy within its own rounding of the share of the largest class: the network may say nothing else. */
function guessing({ classes }: RunEvidence, { val }: EvaluationEvidence): Finding {
  const images = classes?.reduce((sum, one) => sum + one.val, 0) ?? 0;
  if (!classes || images === 0 || classes.length < 2 || val.examples < tellingImages) return null;
  const largest = classes.reduce((best, one) => (one.val > best.val ? one : best));
  const share = largest.val / images;
  const accuracy = val.correct / val.examples;
  if (accuracy > share + 1 / val.examples || share > 0.95) return null;
  return sayFinding("advice.slow.guessing", {
    accuracy: percent(accuracy),
    className: largest.name,
    share: percent(share),
  });
}

function hardlyLearning({ classes, status }: RunEvidence, last: EvaluationEvidence): Finding {
  if (!classes || classes.length < 2 || status === "QUEUED" || last.step < firstSteps || last.epoch < 0.5) return null;
  const guess = Math.log(classes.length);
  if (!(last.train.meanLoss > (1 - firstDrop) * guess)) return null;
  return sayFinding("advice.slow.loss", { loss: twoDecimals(last.train.meanLoss), guess: twoDecimals(guess) });
}

function endedEarly({ status, evaluations }: RunEvidence, last: EvaluationEvidence): Finding {
  const before = evaluations.at(-2);
  const accuracy = last.train.correct / last.train.examples;
  if (status !== "FINISHED" || !before || before.train.examples === 0 || accuracy >= lowTrainAccuracy) return null;
  const rise = (accuracy - before.train.correct / before.train.examples) / Math.max(last.epoch - before.epoch, 1e-9);
  if (rise <= stillRising) return null;
  return sayFinding("advice.slow.rising", { accuracy: percent(accuracy), rise: percent(rise) });
}

function accelerations(evidence: RunEvidence, config: TrainingConfig): AdviceAction[] {
  const { learningRate: rates, epochs: epochRange } = trainingBounds(config.architecture, config.beyondGuide);
  const learningRate = Math.min(rates.max, Number((config.learningRate * 2).toPrecision(2)));
  const epochs = Math.min(epochRange.max, config.epochs * 2);
  const batchSize = config.batchSize * 2;
  return [
    ...plan(evidence, "higherRate", sayAction("advice.action.higherRate", { learningRate }), { learningRate }),
    ...(config.initialWeights !== "RANDOM" && config.headLearningRateFactor < 10
      ? plan(evidence, "headRate", sayAction("advice.action.headRate", { factor: 10 }), { headLearningRateFactor: 10 })
      : []),
    ...plan(evidence, "moreEpochs", sayAction("advice.action.moreEpochs", { epochs }), { epochs }),
    ...plan(evidence, "largerBatch", sayAction("advice.action.largerBatch", { batchSize }), { batchSize }),
    ...(config.warmupFraction < 0.1
      ? plan(evidence, "warmup", sayAction("advice.action.warmup", { percent: 10 }), { warmupFraction: 0.1 })
      : []),
  ];
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
