import { type Speaker, speaker } from "../message/message.js";

export const configMessages = {
  "config.unknownArchitecture": "“{value}” is no architecture of Residual. Choose {choices}.",
  "config.unknownChoice": "“{value}” is no choice for {field}. Choose {choices}.",
  "config.notWhole": "{field} must be a whole number from {min} to {max}; {value} is not.",
  "config.notNumber": "{field} must be a number from {min} to {max}; {value} is not.",
  "config.notYesOrNo": "{field} must be true or false; {value} is neither.",
  "config.outOfRange": "{field} is {value}; it must be from {min} to {max}.",
  "config.batchSize.tooSmall":
    "Batch size {value} is below {min}: {architecture} learns from batches of {min} to {max} images. Fewer give gradients and batch statistics that are mostly noise.",
  "config.batchSize.tooLarge":
    "Batch size {value} is above {max}: {architecture} takes {min} to {max} images a batch. The activations of every image are kept until the backward pass, and this network has many.",
  "config.epochs.tooSmall": "{value} epochs: at least {min} is needed, at most {max}.",
  "config.epochs.tooLarge":
    "{value} epochs are above {max}: {architecture} is trained for {min} to {max}. It learns the training images by heart long before; start with fewer and look at the gap.",
  "config.learningRate.tooSmall":
    "Learning rate {value} is below {min}: {architecture} takes {min} to {max}. With smaller steps it barely moves within its epochs.",
  "config.learningRate.tooLarge":
    "Learning rate {value} is above {max}: {architecture} takes {min} to {max}. Larger steps tend to destroy what the network has learned, or diverge.",
  "config.evalEvery.tooSmall": "Evaluation every {value} epochs: at least every {min}, at most every {max}.",
  "config.evalEvery.tooLarge":
    "Evaluation every {value} epochs is rarer than the run allows: choose {min} to {max}, so that the gap is measured before the last epoch.",
  "config.imageSize.tooSmall":
    "Image size {value} px is below {min}: {architecture} takes {min} to {max} px. Less leaves it no detail to see.",
  "config.imageSize.tooLarge":
    "Image size {value} px is above {max}: {architecture} takes {min} to {max} px. Memory and time grow with the square of the size.",
  "config.imageSize.notMultiple":
    "Image size {value} px is no multiple of {multipleOf}: {architecture} divides its image by {multipleOf}. The nearest that fits is {nearest} px.",
  "config.microBatches.uneven":
    "A batch of {batchSize} images cannot be cut into {microBatches} equal parts. Choose a divisor of the batch size.",
  "config.initialWeights.unreadable":
    "“{value}” is no source of weights. Choose AUTO, RANDOM, a name on the Hub such as timm/resnet50.a1_in1k, or a path.",
  "config.trainImages.outOfRange":
    "{value} training images: at least {min} are needed (leave it empty for all of them).",
} as const;

export const sayConfig: Speaker<typeof configMessages> = speaker(configMessages);
