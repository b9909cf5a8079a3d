import { sayNotice } from "@residual/shared";
import { TrainingBatches } from "../datasets/training-batches.js";
import type { Session } from "../executors/executor.js";
import { elementCount } from "../graph/shape.js";
import { NonFiniteError } from "./checkpoint-file.js";
import { CheckpointFolder } from "./checkpoint-folder.js";
import { evaluate } from "./evaluate.js";
import { SMALL_BATCH } from "./smaller-parts.js";
import type { StartingPoint } from "./starting-point.js";
import { type Attempt, precisionOf, type TrainingRequest, type TrainOptions } from "./train.js";
import type { Examples, TrainingData } from "./training-data.js";
import { DivergedError } from "./training-error.js";
import type { EvaluatedEvent, NoticeEvent, SplitScore, TrainingEvent } from "./training-event.js";
import { buildPrograms, type Programs, phaseAt } from "./training-programs.js";
import { TrainingState } from "./training-state.js";
import { TrainingSteps } from "./training-steps.js";

const CHECKPOINT_MINUTES = 10;

/** One attempt at training a run: a session with its variables, from where the attempt begins to the end or to its failure. */
export class TrainingRun {
  private readonly programs: Programs;
  private session: Session | undefined;
  private checkpoints: CheckpointFolder | undefined;
  private state = new TrainingState(0);
  private openedAt = 0;
  private steps: TrainingSteps | undefined;

  constructor(
    private readonly options: TrainOptions,
    private readonly start: StartingPoint,
    private readonly data: TrainingData,
    private readonly attempt: Attempt,
  ) {
    const { architecture } = options;
    const trainExamples = data.train.indices.length;
    const { microBatches, freezeBatchNorm } = attempt;
    const config = { ...start.config, freezeBatchNorm };
    this.programs = buildPrograms({ architecture, config, classes: data.classes, trainExamples, microBatches });
  }

  get facts(): Programs["facts"] {
    return this.programs.facts;
  }

  get microBatches(): number {
    return this.programs.microBatches;
  }

  get isPretrained(): boolean {
    return this.start.initialWeights.source !== "RANDOM";
  }

  get learningRateFactor(): number {
    return this.state.learningRateFactor;
  }

  get newestCheckpoint(): string | undefined {
    return this.checkpoints?.newest?.path ?? this.attempt.resumeFrom;
  }

  /** Updates in the newest checkpoint. */
  get checkpointedStep(): number {
    return this.checkpoints?.newest?.step ?? this.openedAt;
  }

  /** Gives the graphs to the executor and the variables their values. */
  async open(): Promise<void> {
    const { programs, options, start, attempt } = this;
    const training = programs.phases.flatMap(({ training }) => [training.graph, training.accumulate ?? []].flat());
    this.checkpoints = await CheckpointFolder.open(options, start, programs);
    this.session = await options.executor.openSession([...training, programs.evaluation.graph], {
      precision: precisionOf(start.config),
    });
    this.state = await this.checkpoints.restore(this.session, attempt.resumeFrom);
    this.openedAt = this.state.step;
    this.steps = new TrainingSteps(start.config, this.data, this.batches(), programs, this.session);
    this.state.learningRateFactor = attempt.learningRateFactor ?? this.state.learningRateFactor;
  }

  dispose(): void {
    this.session?.dispose();
  }

  /** What is to be known before the first step. */
  *begin(): Generator<TrainingEvent> {
    const { start, data, programs, state } = this;
    yield {
      type: "started",
      config: start.config,
      initialWeights: start.initialWeights,
      ...programs.facts,
      probeExamples: data.probe.indices.length,
      valExamples: data.val.indices.length,
      testExamples: data.test.indices.length,
      resumedFromStep: state.step,
    };
    if (state.step > 0) return;
    const { precision, freezeBatchNorm } = start.config;
    const images = programs.facts.batchSize / programs.microBatches;
    const [first] = programs.phases;
    if (first!.part === "HEAD") {
      const key = programs.phases.length > 1 ? "notice.stageUnfrozen.headFirst" : "notice.stageUnfrozen.headOnly";
      yield this.notice("STAGE_UNFROZEN", sayNotice(key, {}));
    }
    if (start.notice) yield this.notice("TRAINED_FROM_SCRATCH", start.notice);
    if (freezeBatchNorm && images < SMALL_BATCH) {
      yield this.notice("BATCH_NORM_FROZEN", sayNotice("notice.batchNormFrozen", { images }));
    }
    if (precision !== "FP32") yield this.notice("PRECISION", sayNotice("notice.precision", { precision }));
  }

  /** Trains to the end, or until something else is requested. */
  async *train(): AsyncGenerator<TrainingEvent, void> {
    const { state, programs, options } = this;
    const { totalSteps } = programs.facts;

    // A run that was paused between a step and its evaluation owes that evaluation.
    yield* this.afterStep();
    let endedEarly = this.isOverdue;
    while (state.step < totalSteps && !endedEarly && this.request === "continue") {
      options.onPhase?.("training", state.step, totalSteps);
      yield* this.enterPhase();
      yield await this.steps!.next(state);
      yield* this.afterStep();
      endedEarly = this.isOverdue;
    }
    const { request } = this;
    if (endedEarly && request === "continue") yield this.earlyStopped();
    const isComplete = (state.step === totalSteps || endedEarly) && state.evaluatedStep === state.step;
    if (request === "stop") yield* this.evaluate();
    if (request !== "continue" || endedEarly) yield* this.save();
    const isOver = isComplete || request === "stop";
    const tested = isOver && (yield* this.test());
    yield {
      type: "finished",
      reason: !tested ? "paused" : isComplete ? "completed" : "stopped",
      step: state.step,
      epoch: this.epoch,
      bestStep: this.checkpoints!.best?.step,
      imagesPerSecond: state.imagesPerSecond,
      peakMemoryBytes: this.opened.memory().peak,
    };
  }

  /** Where another part of the network begins to be trained, its slots begin empty: their decay has counted no updates of it. */
  private async *enterPhase(): AsyncGenerator<NoticeEvent> {
    const { state, programs } = this;
    const { firstStep, part, training } = phaseAt(programs, state.step);
    if (firstStep === 0 || firstStep !== state.step) return;
    const slots = training.graph.variables.filter(({ name }) => /^(momentum|adam_m|adam_v)\//.test(name));
    for (const { name, shape } of slots) {
      await this.opened.write(new Map([[name, new Float32Array(elementCount(shape))]]));
    }
    const key = part === "ALL" ? "notice.stageUnfrozen.all" : "notice.stageUnfrozen.lastStage";
    yield this.notice("STAGE_UNFROZEN", sayNotice(key, {}));
  }

  /** The evaluation where it is due; a checkpoint after every epoch, after the best evaluation so far, and every few minutes. */
  private async *afterStep(): AsyncGenerator<TrainingEvent> {
    const { state, options } = this;
    if (state.step === 0) return;
    if (this.isEvaluationDue) yield* this.evaluate();
    const minutes = (performance.now() - state.savedAt) / 60_000;
    const isEvaluated = state.evaluatedStep === state.step;
    const isBest = isEvaluated && this.checkpoints!.wouldBeBest(state.step, state.score!);
    const isDue = minutes >= (options.checkpointMinutes ?? CHECKPOINT_MINUTES);
    if (this.isEpochEnd || isBest || isDue) yield* this.save();
  }

  private get isEvaluationDue(): boolean {
    const { config } = this.start;
    const { step } = this.state;
    if (step === this.programs.facts.totalSteps) return true;
    if (config.evalUnit === "STEP") return step % config.evalEvery === 0;
    return this.isEpochEnd && this.epoch % config.evalEvery === 0;
  }

  private get isEpochEnd(): boolean {
    return Number.isInteger(this.epoch);
  }

  private get epoch(): number {
    return this.state.step / this.programs.facts.stepsPerEpoch;
  }

  /** Whether the run ends because val loss has not improved for long enough. */
  private get isOverdue(): boolean {
    const { earlyStopping } = this.start.config;
    return earlyStopping > 0 && this.state.evaluationsWithoutGain >= earlyStopping;
  }

  private earlyStopped(): NoticeEvent {
    const { evaluationsWithoutGain: evaluations, lowestLossStep } = this.state;
    const bestStep = this.checkpoints!.best?.step ?? lowestLossStep;
    return this.notice("EARLY_STOPPED", sayNotice("notice.earlyStopped", { evaluations, bestStep }));
  }

  /** Scores the train probe and val with the same weights, unless that is done or a pause comes in between. */
  private async *evaluate(): AsyncGenerator<EvaluatedEvent, void> {
    const { state, data } = this;
    if (state.step === 0 || state.evaluatedStep === state.step) return;
    const images = data.probe.indices.length + data.val.indices.length;
    const train = await this.score(data.probe, 0, images);
    const val = train && (await this.score(data.val, data.probe.indices.length, images));
    if (!train || !val) return;
    const loss = train.meanLoss + val.meanLoss;
    if (!Number.isFinite(loss)) throw this.diverged(`the loss of the evaluation is ${loss}`);
    const event: EvaluatedEvent = { type: "evaluated", step: state.step, epoch: this.epoch, train, val };
    state.evaluated(event);
    yield event;
  }

  /** Scores the test split with the best weights; false where a pause comes in between. */
  private async *test(): AsyncGenerator<TrainingEvent, boolean> {
    const { data, state } = this;
    const count = data.test.indices.length;
    if (count === 0) return true;
    const best = this.checkpoints!.best;
    if (best && best.step !== state.step) await this.checkpoints!.restore(this.opened, best.path);
    const score = await this.score(data.test, 0, count);
    if (score) yield { type: "tested", step: best?.step ?? state.step, score };
    return score !== undefined;
  }

  private diverged(what: string): DivergedError {
    const { step, learningRateFactor } = this.state;
    const rate = this.start.config.learningRate * learningRateFactor;
    return new DivergedError(step, this.epoch, what, rate, this.steps!.filesOf(step - 1));
  }

  private score(examples: Examples, before: number, total: number): Promise<SplitScore | undefined> {
    return evaluate(examples, {
      session: this.opened,
      evaluation: this.programs.evaluation,
      store: this.data.store,
      normalization: this.start.normalization,
      interrupted: (done) => {
        this.options.onPhase?.("evaluating", before + done, total);
        return this.request === "pause";
      },
    });
  }

  private async *save(): AsyncGenerator<TrainingEvent, void> {
    const { state, options } = this;
    if (state.step === 0 || state.savedStep === state.step) return;
    options.onPhase?.("saving", state.step, this.programs.facts.totalSteps);
    const saved = await this.checkpoints!.save(this.opened, state).catch((error: unknown) => {
      throw error instanceof NonFiniteError ? this.diverged(error.message) : error;
    });
    yield { type: "checkpointed", epoch: this.epoch, ...saved };
  }

  private notice(kind: NoticeEvent["kind"], message: NoticeEvent["message"]): NoticeEvent {
    return { type: "notice", step: this.state.step, kind, message };
  }

  /** Also the place where an aborted run ends: it is asked before every batch. */
  private get request(): TrainingRequest {
    this.options.signal?.throwIfAborted();
    return this.options.request?.() ?? "continue";
  }

  private get opened(): Session {
    return this.session!;
  }

  private batches(): TrainingBatches {
    const { config, normalization } = this.start;
    return new TrainingBatches({
      store: this.data.store,
      indices: this.data.train.indices,
      labels: this.data.train.labels,
      batchSize: this.programs.facts.batchSize,
      augmentation: config.augmentation,
      mixup: config.mixup,
      cutmix: config.cutmix,
      normalization,
      seed: config.seed,
    });
  }
}
