import { type Speaker, speaker } from "../message/message.js";

export const gapMessages = {
  "gap.tooEarly": "{evaluations} of {needed} evaluations: too early to judge the gap.",
  "gap.divergedNotFinite": "Training has diverged: the loss is not a finite number from epoch {epoch} on.",
  "gap.divergedRising": "Training diverges: since epoch {epoch} the train loss stays above 1.5 times its first value.",
  "gap.overfitting":
    "Overfitting since epoch {epoch}: val loss is {rise} % above its minimum and val accuracy {lost} points below its best. The gap is {gap} points ({low} to {high}).",
  "gap.overconfident":
    "Over-confident since epoch {epoch}: val loss is {rise} % above its minimum although val accuracy holds. The gap is {gap} points ({low} to {high}).",
  "gap.overfittingScore":
    "Overfitting since epoch {epoch}: val loss is {rise} % above its minimum and “{metric}” {lost} points below its best. The gap is {gap} points.",
  "gap.overconfidentScore":
    "Over-confident since epoch {epoch}: val loss is {rise} % above its minimum although “{metric}” holds. The gap is {gap} points.",
  "gap.underfittingScore":
    "Under-fitting: “{metric}” is {score} on train and the gap {gap} points. More epochs or a higher learning rate may help.",
  "gap.lossTurned":
    "Overfitting since epoch {epoch}: val loss is {rise} % above its minimum. Only losses were logged: whether accuracy falls with it, cannot be told.",
  "gap.lossApart":
    "Val loss is {ratio} times train loss, but it has not turned: there is no epoch from which training hurts. Only losses were logged.",
  "gap.lossNone":
    "No overfitting to be seen: val loss ({val}) has not turned; train loss is {train}. Only losses were logged: a gap in accuracy cannot be told.",
  "gap.mild":
    "A gap of {gap} points ({low} to {high}), but val loss has not turned: there is no epoch from which training hurts.",
  "gap.unresolved": "The gap is {gap} points, but {examples} val images cannot tell it from none ({low} to {high}).",
  "gap.underfitting":
    "Under-fitting: train accuracy is {trainAccuracy} % and the gap {gap} points ({low} to {high}). More epochs or a higher learning rate may help.",
  "gap.running":
    '“{train}” was measured while training, on augmented images and with weights that still moved: the gap is biased. Log it in evaluation mode, and say so with config.trainMetrics = "evaluation".',
  "gap.none": "No overfitting: the gap is {gap} points ({low} to {high}) and val loss has not turned.",
} as const;

export const sayGap: Speaker<typeof gapMessages> = speaker(gapMessages);
