/** One split scored with one set of weights in evaluation mode, un-augmented. lossVariance: of the losses of single images. */
export type SplitScore = { examples: number; correct: number; meanLoss: number; lossVariance?: number | null };

/** Train probe and val split scored with the same weights. Epochs count from 1 (the state after the first pass); fractions are allowed. */
export type Evaluation = { epoch: number; step: number; train: SplitScore; val: SplitScore };
