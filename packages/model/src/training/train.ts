import type { TrainingConfig } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import { normalizationOf } from "../datasets/normalization.js";
import type { ImageFolderScan } from "../datasets/scan-image-folder.js";
import { TrainingBatches } from "../datasets/training-batches.js";
import type { Executor, Session } from "../executors/executor.js";
import { CheckpointFolder } from "./checkpoint-folder.js";
import { evaluate } from "./evaluate.js";
import { type Examples, loadTrainingData, type TrainingData } from "./training-data.js";
import type { CheckpointedEvent, EvaluatedEvent, SplitScore, StepEvent, TrainingEvent } from "./training-event.js";
import { buildPrograms, type Programs } from "./training-programs.js";
import type { TrainingState } from "./training-state.js";
import { TrainingSteps } from "./training-steps.js";

/** What the outside wants: go on; evaluate, save and end; or save at once and end, so that another process can go on. */
export type TrainingRequest = "continue" | "stop" | "pause";

export type TrainingPhase = "loading images" | "training" | "evaluating" | "saving";

export interface TrainOptions {
  readonly executor: Executor;
  readonly architecture: ArchitectureSpec;
  readonly config: TrainingConfig;
  readonly dataset: ImageFolderScan;
  /** For the checkpoints of this run alone. */
  readonly checkpointFolder: string;
  /** For the decoded images of sets too large for memory. */
  readonly cacheFolder: string;
  /** Path of a checkpoint of this run to go on from. */
  readonly resumeFrom?: string;
  /** Checkpoints that must outlive their turn, such as the last one that others know of. */
  readonly isProtected?: (path: string) => boolean;
  /** Asked between batches. */
  readonly request?: () => TrainingRequest;
  readonly onPhase?: (phase: TrainingPhase, done: number, total: number) => void;
  /** Ends the run within one batch, without a checkpoint, by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a network and tells what happens. The weights depend on the config, the images and the executor alone: a run that was
 * interrupted and resumed ends with the same bits as one that was not.
 *
 * Throws DatasetError (images missing or changed), DivergedError, CheckpointError (disk full, or a checkpoint of another run).
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void> {
  const { architecture, config, executor, signal } = options;
  const data = await loadTrainingData(options.dataset, config, {
    cacheDirectory: options.cacheFolder,
    signal,
    onProgress: (done, total) => options.onPhase?.("loading images", done, total),
  });
  let session: Session | undefined;
  try {
    const programs = buildPrograms(architecture, config, data);
    session = await executor.openSession([programs.training.graph, programs.evaluation.graph]);
    const checkpoints = await CheckpointFolder.open(options, programs);
    const state = await checkpoints.restore(session, options.resumeFrom);
    yield { type: "started", ...programs.facts, resumedFromStep: state.step };
    yield* trainEpochs({ options, data, programs, session, checkpoints, state });
  } finally {
    session?.dispose();
    await data.store.close();
  }
}

interface Run {
  readonly options: TrainOptions;
  readonly data: TrainingData;
  readonly programs: Programs;
  readonly session: Session;
  readonly checkpoints: CheckpointFolder;
  readonly state: TrainingState;
}

async function* trainEpochs(run: Run): AsyncGenerator<TrainingEvent, void> {
  const { state, session, options, programs } = run;
  const { stepsPerEpoch, totalSteps } = programs.facts;
  const atEpochEnd = () => state.step > 0 && state.step % stepsPerEpoch === 0;
  const steps = new TrainingSteps(options.config, batchesOf(run), programs, session);

  // A run that was paused between the last step of an epoch and its evaluation owes that evaluation.
  if (atEpochEnd()) yield* endEpoch(run);
  while (state.step < totalSteps && requestOf(run) === "continue") {
    options.onPhase?.("training", state.step, totalSteps);
    const event: StepEvent = await steps.next(state);
    yield event;
    if (atEpochEnd()) yield* endEpoch(run);
  }
  const request = requestOf(run);
  if (request === "stop") yield* evaluateNow(run);
  if (request !== "continue") yield* saveNow(run);

  const isComplete = state.step === totalSteps && state.evaluatedStep === totalSteps;
  yield {
    type: "finished",
    reason: isComplete ? "completed" : request === "stop" ? "stopped" : "paused",
    step: state.step,
    epoch: state.step / stepsPerEpoch,
    imagesPerSecond: state.imagesPerSecond,
    peakMemoryBytes: session.memory().peak,
  };
}

/** Every `evalEvery` epochs and after the last one the evaluation; after every epoch a checkpoint. */
async function* endEpoch(run: Run): AsyncGenerator<EvaluatedEvent | CheckpointedEvent, void> {
  const { config } = run.options;
  const epoch = epochOf(run);
  if (epoch % config.evalEvery === 0 || epoch === config.epochs) yield* evaluateNow(run);
  yield* saveNow(run);
}

/** Scores the train probe and val with the same weights, unless that is done or a pause comes in between. */
async function* evaluateNow(run: Run): AsyncGenerator<EvaluatedEvent, void> {
  const { state, data } = run;
  if (state.step === 0 || state.evaluatedStep === state.step) return;
  const images = data.probe.indices.length + data.val.indices.length;
  const train = await scoreSplit(run, data.probe, 0, images);
  const val = train && (await scoreSplit(run, data.val, data.probe.indices.length, images));
  if (!train || !val) return;
  const event: EvaluatedEvent = { type: "evaluated", step: state.step, epoch: epochOf(run), train, val };
  state.evaluated(event);
  yield event;
}

async function scoreSplit(
  run: Run,
  examples: Examples,
  before: number,
  total: number,
): Promise<SplitScore | undefined> {
  const { session, data, programs, options } = run;
  return evaluate(examples, {
    session,
    evaluation: programs.evaluation,
    store: data.store,
    normalization: normalizationOf(options.architecture.family),
    interrupted: (done) => {
      options.onPhase?.("evaluating", before + done, total);
      return requestOf(run) === "pause";
    },
  });
}

async function* saveNow(run: Run): AsyncGenerator<CheckpointedEvent, void> {
  const { state, session, checkpoints, options, programs } = run;
  if (state.step === 0 || state.savedStep === state.step) return;
  options.onPhase?.("saving", state.step, programs.facts.totalSteps);
  yield { type: "checkpointed", epoch: epochOf(run), ...(await checkpoints.save(session, state)) };
}

/** Also the place where an aborted run ends: it is asked before every batch. */
function requestOf({ options }: Run): TrainingRequest {
  options.signal?.throwIfAborted();
  return options.request?.() ?? "continue";
}

function epochOf({ state, programs }: Run): number {
  return state.step / programs.facts.stepsPerEpoch;
}

function batchesOf({ options, data, programs }: Run): TrainingBatches {
  return new TrainingBatches({
    store: data.store,
    indices: data.train.indices,
    labels: data.train.labels,
    batchSize: programs.facts.batchSize,
    augmentation: options.config.augmentation,
    normalization: normalizationOf(options.architecture.family),
    seed: options.config.seed,
  });
}
