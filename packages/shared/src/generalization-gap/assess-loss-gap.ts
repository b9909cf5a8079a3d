import {
  assessment,
  type Finding,
  type GapAssessment,
  inCourse,
  judgeDivergence,
  neededEvaluations,
} from "./assess-gap.js";
import type { Evaluation } from "./evaluation.js";
import { lossGap } from "./gap-intervals.js";
import { sayGap } from "./gap-messages.js";
import { findValLossTurn } from "./onset.js";

/** Val losses of more than twice the train loss, of which more than this share is not there on train, are far apart. */
const farShare = 0.7;
const farRatio = 2;

/**
 * The gap of a run that logged losses and nothing that counts images: the rules of assessGap as far as they speak of losses. A val loss that
 * turned is overfitting (Prechelt 1998); whether accuracy fell too cannot be told. One that is far above train loss and has not turned is MILD:
 * (L_val − L_train) / L_val above 0.7 and L_val above 2·L_train. The accuracies of the evaluations are not looked at. valExamples: images of the
 * val split, null where nobody knows: it then counts as large.
 */
export function assessLossGap(evaluations: readonly Evaluation[], valExamples: number | null): GapAssessment {
  const ordered = inCourse(evaluations);
  const diverged = judgeDivergence(ordered);
  if (diverged) return { ...assessment(ordered, diverged), measure: "LOSS" };
  const last = ordered.at(-1);
  if (ordered.length < neededEvaluations || !last) {
    const explanation = sayGap("gap.tooEarly", { evaluations: ordered.length, needed: neededEvaluations });
    return { ...assessment(ordered, { verdict: "TOO_EARLY", explanation }), measure: "LOSS" };
  }
  const turn = findValLossTurn(ordered, valExamples ?? Number.POSITIVE_INFINITY);
  const bestEpoch = ordered[turn.best]!.epoch;
  const finding: Finding = turn.turned
    ? {
        verdict: "OVERFITTING",
        onsetEpoch: bestEpoch,
        explanation: sayGap("gap.lossTurned", {
          epoch: bestEpoch,
          rise: Number.isFinite(turn.rise) ? Math.round(turn.rise) : null,
        }),
      }
    : judgeDistance(last);
  return { ...assessment(ordered, finding), measure: "LOSS", loss: lossGap(last), bestEpoch };
}

function judgeDistance({ train: { meanLoss: train }, val: { meanLoss: val } }: Evaluation): Finding {
  if (train > 0 && val > farRatio * train && (val - train) / val > farShare)
    return { verdict: "MILD", explanation: sayGap("gap.lossApart", { ratio: digits(val / train) }) };
  return { verdict: "NONE", explanation: sayGap("gap.lossNone", { train: digits(train), val: digits(val) }) };
}

/** Three digits: a loss bears no more. */
function digits(value: number): number {
  return Number(value.toPrecision(3));
}
