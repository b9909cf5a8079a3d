import { type Speaker, speaker } from "../message/message.js";

export const findingMessages = {
  "advice.diverged.finding":
    "Training diverged ({times} times): numbers were no longer finite, or the loss stayed above its beginning.",
  "advice.diverged.spikes": "The largest gradient is {ratio} times the usual one, and nothing limits it.",
  "advice.memory.failed": "Memory ran out. The run needs about {needed} GB; the worker has {available} GB.",
  "advice.memory.recovered": "Memory ran out {times} times; the run went on with smaller parts of its batches.",
  "advice.memory.tight": "The run is expected to need {needed} GB of the worker's {available} GB.",
  "advice.overfitting.onset":
    "Overfitting since epoch {epoch}: the {wasted} epochs after it made the model worse. The gap is {gap} points ({low} to {high}).",
  "advice.overfitting.gap":
    "The gap between train and val is {gap} points ({low} to {high}), and val loss has not turned yet.",
  "advice.overfitting.lossTurned":
    "Overfitting since epoch {epoch}: val loss has risen over the {wasted} epochs after it. Only losses were logged.",
  "advice.overfitting.lossApart":
    "Val loss is more than three times train loss, and has not turned yet. Only losses were logged.",
  "advice.overconfident.loss":
    "Val loss rises since epoch {epoch} although val accuracy holds: the model grows too sure. Its confidence is {error} points from its accuracy.",
  "advice.overconfident.lossOnly":
    "Val loss rises since epoch {epoch} although val accuracy holds: the model grows too sure.",
  "advice.overconfident.calibration": "Confidence is {error} points from accuracy on val.",
  "advice.labels.conflicts":
    "{images} images lie in the folders of more than one class: one label of each must be wrong.",
  "advice.labels.sureMistakes":
    "{images} of {examples} val images are taken for another class with {confidence} % confidence or more: some of their labels may be wrong.",
  "advice.slow.guessing":
    "Val accuracy of {accuracy} % is the share of “{className}” ({share} %): the model may say nothing else.",
  "advice.slow.loss": "The train loss of {loss} is hardly below that of a guess ({guess}).",
  "advice.slow.rising":
    "Train accuracy is {accuracy} % at the end and still rises by {rise} points an epoch: training ended too early.",
  "advice.underfitting.finding":
    "Train accuracy is only {trainAccuracy} % after {epochs} epochs, without a gap to val.",
  "advice.weakClasses.finding":
    "Classes that are hardly recognised: {classes}. “{className}” least, {recall} % of its val images, from {images} train images.",
  "advice.weakClasses.imbalance": "The largest class has {ratio} times as many train images as the smallest.",
  "advice.batchNorm.finding":
    "In evaluation mode train accuracy is {evaluated} %, while training {running} %: batch normalization's running statistics do not fit the images.",
  "advice.loading.finding": "Training waits for images for {percent} % of its time.",
  "advice.marginal.finding":
    "The gain over {other} is {difference} points ({low} to {high}), for {times} times the training time.",
  "advice.marginal.tooFew":
    "The gain over {other} is {difference} points ({low} to {high}): {examples} val images cannot show two points; about {images} would.",
  "advice.fewImages.finding": "{images} train images, {perClass} a class, are few for a deep network.",
} as const;

/** Says what a rule has found. */
export const sayFinding: Speaker<typeof findingMessages> = speaker(findingMessages);
