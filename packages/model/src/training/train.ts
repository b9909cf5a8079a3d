import { sayNotice, type TrainingConfig } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import type { ImageFolderScan } from "../datasets/scan-image-folder.js";
import type { Executor } from "../executors/executor.js";
import { OutOfMemoryError } from "../executors/out-of-memory-error.js";
import { requirePrecision } from "../executors/precision.js";
import { readPosition } from "./checkpoint-file.js";
import { partsThatFit } from "./foresee-memory.js";
import { smallerParts } from "./smaller-parts.js";
import { StartingPoint } from "./starting-point.js";
import { loadTrainingData, type TrainingData } from "./training-data.js";
import { DivergedError, UntrainableError } from "./training-error.js";
import type { NoticeEvent, TrainingEvent } from "./training-event.js";
import { TrainingRun } from "./training-run.js";

/** What the outside wants: go on; evaluate, save and end; or save at once and end, so that another process can go on. */
export type TrainingRequest = "continue" | "stop" | "pause";

export type TrainingPhase =
  | "fetching weights"
  | "loading images"
  | "measuring memory"
  | "training"
  | "evaluating"
  | "saving";

export interface TrainOptions {
  readonly executor: Executor;
  readonly architecture: ArchitectureSpec;
  readonly config: TrainingConfig;
  readonly dataset: ImageFolderScan;
  /** For the checkpoints of this run alone. */
  readonly checkpointFolder: string;
  /** For the decoded images of sets too large for memory. */
  readonly cacheFolder: string;
  /** What the device has left: a batch that does not fit is cut into parts before the first step. Unlimited unless said. */
  readonly memoryBytes?: number;
  /** Path of a checkpoint of this run to go on from. */
  readonly resumeFrom?: string | undefined;
  /** A checkpoint is written after every epoch, and when the last one is older than this. 10 unless said. */
  readonly checkpointMinutes?: number;
  /** Whether a run that diverges goes back to its last checkpoint once, with a third of the learning rate. True unless said. */
  readonly retryDivergence?: boolean;
  /** Checkpoints that must outlive their turn, such as the last one that others know of. */
  readonly isProtected?: (path: string) => boolean;
  /** Asked between batches. */
  readonly request?: () => TrainingRequest;
  readonly onPhase?: (phase: TrainingPhase, done: number, total: number) => void;
  /** Ends the run within one batch, without a checkpoint, by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What is tried: a failure that can be mended leads to the next one. */
export interface Attempt {
  readonly resumeFrom: string | undefined;
  readonly microBatches: number;
  readonly freezeBatchNorm: boolean;
  /** Instead of the checkpoint's. */
  readonly learningRateFactor?: number;
}

/** After a divergence a run goes on with this share of its learning rate. */
const RETRY_FACTOR = 1 / 3;

/**
 * Trains a network and tells what happens. The weights depend on the config, the images, the first weights and the executor alone: a run
 * that was interrupted and resumed ends with the same bits as one that was not.
 *
 * Throws DatasetError (images missing or changed), PretrainedError (weights to start from), DivergedError, CheckpointError (disk full,
 * or a checkpoint of another run), UntrainableError (a precision that the executor lacks), OutOfMemoryError (where one image at a time is
 * too much).
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void> {
  checkPrecision(options);
  const start = await StartingPoint.find(options);
  const data = await loadTrainingData(options.dataset, start.config, {
    cacheDirectory: options.cacheFolder,
    preprocessing: start.preprocessing,
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: (done, total) => options.onPhase?.("loading images", done, total),
  });
  try {
    yield* attempts(options, start, data);
  } finally {
    await data.store.close();
  }
}

/** Runs until the end, going on after a failure that a smaller batch or a lower learning rate may mend. */
async function* attempts(
  options: TrainOptions,
  start: StartingPoint,
  data: TrainingData,
): AsyncGenerator<TrainingEvent, void> {
  const owed: NoticeEvent[] = [];
  let attempt = await firstAttempt(options, start, data, owed);
  let hasBegun = false;
  for (;;) {
    let run: TrainingRun | undefined;
    try {
      run = new TrainingRun(options, start, data, attempt);
      await run.open();
      if (!hasBegun) yield* run.begin();
      hasBegun = true;
      yield* owed.splice(0);
      yield* run.train();
      return;
    } catch (error) {
      const retry = run && mend(error, run, options, attempt);
      if (!retry) throw error;
      attempt = retry.attempt;
      // "started" is the first that is said: memory may run out before.
      owed.push(retry.notice);
    } finally {
      run?.dispose();
    }
  }
}

/** From where and in how many parts a run begins. What must be said of it goes to `owed`. */
async function firstAttempt(
  options: TrainOptions,
  start: StartingPoint,
  data: TrainingData,
  owed: NoticeEvent[],
): Promise<Attempt> {
  const { executor, architecture, resumeFrom, memoryBytes } = options;
  const { config } = start;
  const { microBatches, freezeBatchNorm } = config;
  if (resumeFrom !== undefined) {
    // A run whose memory ran out goes on as it went on then.
    const kept = await readPosition(resumeFrom);
    return {
      resumeFrom,
      microBatches: kept.microBatches ?? microBatches,
      freezeBatchNorm: kept.freezeBatchNorm ?? freezeBatchNorm,
    };
  }
  const asAsked = { resumeFrom, microBatches, freezeBatchNorm };
  if (memoryBytes === undefined) return asAsked;
  options.onPhase?.("measuring memory", 0, 1);
  const batchSize = Math.min(config.batchSize, data.train.indices.length);
  const subject = { executor, architecture, config, classes: data.classes };
  const wanted = await partsThatFit(subject, { batchSize, memoryBytes });
  if (wanted <= microBatches) return asAsked;
  const isPretrained = start.initialWeights.source !== "RANDOM";
  const cut = { batchSize, wanted, freezeBatchNorm, isPretrained, architecture };
  const { message, ...parts } = smallerParts(cut, { gigabytes: Math.round(memoryBytes / 1e8) / 10 });
  owed.push(noticeOf(0, "BATCH_CUT", message));
  return { ...asAsked, ...parts };
}

interface Retry {
  readonly attempt: Attempt;
  readonly notice: NoticeEvent;
}

/** What to try next after an error, and what to say of it; undefined where the error ends the run. */
function mend(error: unknown, run: TrainingRun, options: TrainOptions, attempt: Attempt): Retry | undefined {
  if (error instanceof OutOfMemoryError) return withSmallerParts(run, options, attempt);
  const isSecond = run.learningRateFactor < 1;
  if (error instanceof DivergedError && options.retryDivergence !== false && !isSecond) {
    const resumedFrom = run.checkpointedStep;
    const { step } = error;
    const learningRate = (error.learningRate * RETRY_FACTOR).toPrecision(2);
    const message = sayNotice("notice.diverged", { step, resumedFrom, learningRate });
    const retried = { ...attempt, resumeFrom: run.newestCheckpoint, learningRateFactor: RETRY_FACTOR };
    return { attempt: retried, notice: noticeOf(step, "DIVERGED", message) };
  }
  return undefined;
}

/** Halves what is computed at a time. */
function withSmallerParts(run: TrainingRun, { architecture }: TrainOptions, attempt: Attempt): Retry | undefined {
  const { isPretrained, checkpointedStep: resumedFrom } = run;
  const { batchSize } = run.facts;
  if (batchSize === run.microBatches) return undefined;
  const { freezeBatchNorm } = attempt;
  const cut = { batchSize, wanted: 2 * run.microBatches, freezeBatchNorm, isPretrained, architecture };
  const { message, ...parts } = smallerParts(cut, { resumedFrom });
  return {
    attempt: { ...attempt, ...parts, resumeFrom: run.newestCheckpoint },
    notice: noticeOf(resumedFrom, "OUT_OF_MEMORY", message),
  };
}

function noticeOf(step: number, kind: NoticeEvent["kind"], message: NoticeEvent["message"]): NoticeEvent {
  return { type: "notice", step, kind, message };
}

function checkPrecision({ executor, config }: TrainOptions): void {
  try {
    requirePrecision(executor, precisionOf(config));
  } catch (error) {
    throw new UntrainableError((error as Error).message, { cause: error });
  }
}

/** An executor's name of a config's precision. */
export function precisionOf({ precision }: TrainingConfig): "fp32" | "tf32" | "bf16" {
  return ({ FP32: "fp32", TF32: "tf32", BF16: "bf16" } as const)[precision];
}
