import { type Speaker, speaker } from "../message/message.js";

export const actionMessages = {
  "advice.action.lowerRate": "Lower the learning rate to {learningRate}.",
  "advice.action.lowerRateOverfitting":
    "Lower the learning rate to {learningRate}. Look at val accuracy too: training less also closes the gap.",
  "advice.action.higherRate": "Raise the learning rate to {learningRate}.",
  "advice.action.headRate": "Let the head learn {factor} times as fast as the rest.",
  "advice.action.warmup": "Let the learning rate rise over the first {percent} % of the steps.",
  "advice.action.clip": "Limit the norm of the gradients to 1.",
  "advice.action.fullPrecision": "Train in full precision.",
  "advice.action.accumulate": "Keep the batch of {batchSize}, in {microBatches} parts whose gradients are added up.",
  "advice.action.smallerBatch": "Halve the batch to {batchSize}.",
  "advice.action.smallerBatchSomehow": "Train with smaller batches, or add up the gradients of several.",
  "advice.action.largerBatch": "Double the batch to {batchSize}.",
  "advice.action.checkpointing":
    "Compute activations again instead of keeping them; a step takes about a third longer.",
  "advice.action.smallerImages": "Train on images of {imageSize} px, if the classes can be told apart at that size.",
  "advice.action.mixedPrecision": "Train in {precision}.",
  "advice.action.reviewMistakes":
    "Look at the most confident mistakes on the evaluation page and at the dataset’s duplicates, mend the labels, and scan the dataset again.",
  "advice.action.gradual":
    "Train the head first, then the last stage, then everything: the features of the first layers stay longer as they were pre-trained.",
  "advice.action.headOnly": "Train the head only.",
  "advice.action.headFirst": "Train the head first, then the last stage, then everything.",
  "advice.action.unfreeze": "Train the whole network.",
  "advice.action.smallerNetwork": "Switch to {network}.",
  "advice.action.augmentation": "Raise the augmentation by a level.",
  "advice.action.heavyAugmentation": "Augment the train images heavily.",
  "advice.action.lessAugmentation": "Lower the augmentation by a level.",
  "advice.action.fewerEpochs": "Stop at epoch {epochs}, where val loss was smallest.",
  "advice.action.moreEpochs": "Train for {epochs} epochs.",
  "advice.action.earlyStopping":
    "Stop when val loss has not improved in {evaluations} evaluations; the best weights are kept.",
  "advice.action.weightDecay": "Raise the weight decay to {weightDecay}.",
  "advice.action.mixup": "Mix images and labels (mixup 0.2).",
  "advice.action.labelSmoothing": "Smooth the labels by 0.1.",
  "advice.action.moreImages": "Collect more train images; now there are {perClass} a class.",
  "advice.action.moreImagesUncounted": "Collect more train images.",
  "advice.action.temperature": "Divide the logits by a temperature that is fitted on val; accuracy stays as it is.",
  "advice.action.classWeighting": "Weigh rare classes higher in the loss.",
  "advice.action.reviewLabels":
    "Look at the mistakes of these classes: labels may be wrong, or two classes may be one.",
  "advice.action.freezeBatchNorm": "Keep the running statistics of the pre-trained weights.",
  "advice.action.fasterDisk":
    "Give the worker more cores or a faster disk; images are decoded once and then read from its cache.",
  "advice.action.keepSmaller":
    "Keep {network}: this network takes {times} times as long to train and is slower to run.",
} as const;

/** Says what to try. */
export const sayAction: Speaker<typeof actionMessages> = speaker(actionMessages);
