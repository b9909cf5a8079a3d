import type { Message, RunNoticeKind, TrainingConfig } from "@residual/shared";

/** What a run tells while it trains, in order of happening. Steps count updates done, epochs passes done (a fraction inside one). */
export type TrainingEvent =
  | StartedEvent
  | NoticeEvent
  | StepEvent
  | EvaluatedEvent
  | CheckpointedEvent
  | TestedEvent
  | FinishedEvent;

/** Where the weights came from that the run began with. */
export interface InitialWeights {
  /** A name on the Hub, a path, or RANDOM. */
  readonly source: string;
  /** Of the weights' file, or over the digests of its shards; null for random weights. */
  readonly sha256: string | null;
  /** Whose names the tensors bear. */
  readonly layout: string | null;
  /** Tensors that began anew. */
  readonly replaced: readonly string[];
  /** Tensors that were fitted to the image size. */
  readonly resized: readonly string[];
}

export interface StartedEvent {
  readonly type: "started";
  /** As it is really trained: AUTO without a checkpoint has become RANDOM. */
  readonly config: TrainingConfig;
  readonly initialWeights: InitialWeights;
  readonly parameters: number;
  /** Multiply-adds of one image's forward pass. */
  readonly macs: number;
  readonly imageSize: number;
  readonly classes: number;
  readonly checkpointBytes: number;
  readonly trainExamples: number;
  readonly probeExamples: number;
  readonly valExamples: number;
  readonly testExamples: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** 0 for a run from the start. */
  readonly resumedFromStep: number;
}

/** Something that a reader of the curves has to know. After OUT_OF_MEMORY and DIVERGED the run goes on from an
 * earlier step: steps and evaluations that were told already are told again, as they went this time. */
export interface NoticeEvent {
  readonly type: "notice";
  readonly step: number;
  readonly kind: RunNoticeKind;
  readonly message: Message;
}

export interface StepEvent {
  readonly type: "step";
  readonly step: number;
  readonly epoch: number;
  /** Of this batch, in training mode on augmented images; plain cross-entropy. */
  readonly runningLoss: number;
  readonly runningAccuracy: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly imagesPerSecond: number;
  /** How long the executor had nothing to do because the batch was not ready. */
  readonly loaderWaitSeconds: number;
  readonly memoryBytes: number;
}

/** One split scored with one set of weights in evaluation mode on un-augmented images. */
export interface SplitScore {
  readonly examples: number;
  readonly correct: number;
  /** Examples whose class is among the five largest logits; undefined for up to five classes, where it says nothing. */
  readonly top5Correct: number | undefined;
  readonly meanLoss: number;
  /** Sample variance of the losses; 0 for a single example. */
  readonly lossVariance: number;
  /** Mean of the recalls of the classes that occur. */
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  /** Over 15 bins. */
  readonly expectedCalibrationError: number;
  /** Of each class; null for one that does not occur. */
  readonly classRecalls: readonly (number | null)[];
  readonly classExamples: readonly number[];
  /** The class with the largest logit, an image, in the split's order (by class, then content). */
  readonly predictions: Uint16Array;
  /** Softmax probability of that class. */
  readonly confidences: Float32Array;
  /** 1 where the predicted class is the image's. */
  readonly hits: Uint8Array;
  readonly losses: Float32Array;
  /** SHA-256 over the classes and contents in this order: equal hashes mean the same images. */
  readonly imagesHash: string;
}

export interface EvaluatedEvent {
  readonly type: "evaluated";
  readonly step: number;
  readonly epoch: number;
  /** The train probe: a fixed, stratified part of the training images. */
  readonly train: SplitScore;
  readonly val: SplitScore;
}

/** The test split scored once, at the end, with the best weights. */
export interface TestedEvent {
  readonly type: "tested";
  /** Of the weights. */
  readonly step: number;
  readonly score: SplitScore;
}

export interface CheckpointedEvent {
  readonly type: "checkpointed";
  readonly step: number;
  readonly epoch: number;
  readonly path: string;
  /** Of the file, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface FinishedEvent {
  readonly type: "finished";
  /** All epochs done or ended early by its own rule, ended on request with an evaluation, or put down on request to be resumed. */
  readonly reason: "completed" | "stopped" | "paused";
  readonly step: number;
  readonly epoch: number;
  /** Of the best weights that were kept; undefined where none were scored. */
  readonly bestStep: number | undefined;
  /** Over the whole time spent on steps, the first three left out; undefined for runs shorter than that. */
  readonly imagesPerSecond: number | undefined;
  readonly peakMemoryBytes: number;
}
