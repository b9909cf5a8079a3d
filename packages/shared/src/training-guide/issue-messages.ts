import { type Speaker, speaker } from "../message/message.js";

export const issueMessages = {
  "guide.issue.overfitting.name": "Overfitting",
  "guide.issue.overfitting.problem": "Train accuracy is far above val accuracy.",
  "guide.issue.memory.name": "Out of memory",
  "guide.issue.memory.problem": "Training stops because memory runs out.",
  "guide.issue.convergence.name": "Slow convergence",
  "guide.issue.convergence.problem": "The model takes many epochs to learn.",
  "guide.issue.marginal.name": "Hardly better than ResNet-50",
  "guide.issue.marginal.problem": "ResNet-101 gains little over ResNet-50.",
  "guide.solution.smallerNetwork": "Go down to ResNet-50, the most common remedy.",
  "guide.solution.moreImages": "Collect more training images.",
  "guide.solution.moreAugmentation": "Raise the augmentation by a level.",
  "guide.solution.fewerEpochs": "Train far fewer epochs: up to the onset.",
  "guide.solution.lowerRate":
    "Lower the learning rate to 1e-5. Look at val accuracy too: training less also closes the gap.",
  "guide.solution.smallerBatch": "Reduce the batch size to 4 or 2.",
  "guide.solution.smallerImages": "Lower the image size if the classes allow it.",
  "guide.solution.checkpointing":
    "Recompute activations in the backward pass (gradient checkpointing), where the worker offers it.",
  "guide.solution.mixedPrecision": "Train in mixed precision, where the worker's device offers it.",
  "guide.solution.higherRate": "Raise the learning rate to 1e-4.",
  "guide.solution.largerBatch": "Use a larger batch.",
  "guide.solution.checkLoading": "Look at the time that training waits for images.",
  "guide.solution.enoughData": "Make sure that there are enough images for so deep a network.",
  "guide.solution.warmup": "Let the learning rate rise over the first steps (warm-up).",
  "guide.solution.normal": "This is normal for some datasets.",
  "guide.solution.largerDataset": "Make sure that the dataset is large and difficult enough to need depth.",
  "guide.solution.moreEpochs": "Train longer.",
  "guide.solution.tryHigherRate": "Try a higher learning rate.",
  "guide.solution.staySmaller": "Ask whether ResNet-50 is enough: it costs less to train and to run.",
} as const;

export const sayIssue: Speaker<typeof issueMessages> = speaker(issueMessages);
