/** What a run tells while it trains, in order of happening. Steps count updates done, epochs passes done (a fraction inside one). */
export type TrainingEvent = StartedEvent | StepEvent | EvaluatedEvent | CheckpointedEvent | FinishedEvent;

export interface StartedEvent {
  readonly type: "started";
  readonly parameters: number;
  /** Multiply-adds of one image's forward pass. */
  readonly macs: number;
  readonly imageSize: number;
  readonly classes: number;
  readonly checkpointBytes: number;
  readonly trainExamples: number;
  readonly probeExamples: number;
  readonly valExamples: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** 0 for a run from the start. */
  readonly resumedFromStep: number;
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
  readonly meanLoss: number;
  /** Sample variance of the losses; 0 for a single example. */
  readonly lossVariance: number;
  /** The class with the largest logit, an image, in the split's order (by class, then content). */
  readonly predictions: Uint16Array;
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
  /** All epochs done, ended on request with an evaluation, or put down on request to be resumed. */
  readonly reason: "completed" | "stopped" | "paused";
  readonly step: number;
  readonly epoch: number;
  /** Over the whole time spent on steps, the first three left out; undefined for runs shorter than that. */
  readonly imagesPerSecond: number | undefined;
  readonly peakMemoryBytes: number;
}
