import { setImmediate } from "node:timers/promises";
import type { TrainingConfig } from "@residual/shared";
import type { Batch, TrainingBatches } from "../datasets/training-batches.js";
import type { Session } from "../executors/executor.js";
import type { Graph, Value } from "../graph/graph.js";
import { learningRateAt } from "./learning-rate.js";
import { scoreBatch } from "./score-logits.js";
import { balancedWeights, type TargetOptions, writeTargets } from "./targets.js";
import type { TrainingData } from "./training-data.js";
import { DivergedError } from "./training-error.js";
import type { StepEvent } from "./training-event.js";
import { type Programs, phaseAt } from "./training-programs.js";
import type { TrainingState } from "./training-state.js";

/** So many images of a batch are named in an error. */
const NAMED_FILES = 8;

/** Optimizer steps, one at a time; batches to come are prepared while the executor works. */
export class TrainingSteps {
  private readonly targets: Float32Array;
  private readonly targetOptions: TargetOptions;

  constructor(
    private readonly config: TrainingConfig,
    private readonly data: TrainingData,
    private readonly batches: TrainingBatches,
    private readonly programs: Programs,
    private readonly session: Session,
  ) {
    const { batchSize, classes } = programs.facts;
    this.targets = new Float32Array(batchSize * classes);
    const { labelSmoothing, classWeighting } = config;
    const classWeights = classWeighting === "BALANCED" ? balancedWeights(data.train.labels, classes) : undefined;
    this.targetOptions = { classes, labelSmoothing, classWeights };
  }

  /** Does one update and moves `state` on. Throws DivergedError when the gradients are no longer finite. */
  async next(state: TrainingState): Promise<StepEvent> {
    const { facts } = this.programs;
    // Executors may compute on this thread, and a small step without a pause: reports and requests need their turn.
    await setImmediate();
    const begin = performance.now();
    const batch = await this.batches.batch(state.step);
    const loaderWaitSeconds = secondsSince(begin);

    const update = state.step + 1;
    const epoch = update / facts.stepsPerEpoch;
    const learningRate = learningRateAt(update, facts.totalSteps, this.config) * state.learningRateFactor;
    const { logits, gradientNorm } = await this.update(state.step, batch, learningRate);
    if (!Number.isFinite(gradientNorm)) {
      const what = `the gradient norm is ${gradientNorm}`;
      const rate = this.config.learningRate * state.learningRateFactor;
      throw new DivergedError(update, epoch, what, rate, this.filesOf(state.step));
    }
    const { loss, accuracy } = scoreBatch(logits, batch.labels, facts.classes);
    const seconds = secondsSince(begin);
    state.advance(facts.batchSize, seconds);
    return {
      type: "step",
      step: update,
      epoch,
      runningLoss: loss,
      runningAccuracy: accuracy,
      learningRate,
      gradientNorm,
      imagesPerSecond: facts.batchSize / seconds,
      loaderWaitSeconds,
      memoryBytes: this.session.memory().current,
    };
  }

  /** Runs the micro-batches of a step; the last one updates the weights. */
  private async update(
    step: number,
    batch: Batch,
    learningRate: number,
  ): Promise<{ readonly logits: Float32Array; readonly gradientNorm: number }> {
    const { microBatches, facts } = this.programs;
    const { training, firstStep } = phaseAt(this.programs, step);
    writeTargets(this.targets, batch, this.targetOptions);
    const scalars: [string, Float32Array][] = [
      ["learningRate", Float32Array.of(learningRate)],
      // The slots of a phase begin empty, so its updates are counted anew: AdamW corrects its bias by their number.
      ["step", Float32Array.of(step - firstStep + 1)],
    ];
    const part = (values: Float32Array, index: number) => {
      const length = values.length / microBatches;
      return values.subarray(index * length, (index + 1) * length);
    };
    const run = (graph: Graph, values: readonly Value[], index: number) =>
      this.session.run(
        graph,
        { values, applyUpdates: true },
        new Map([["images", part(batch.images, index)], ["targets", part(this.targets, index)], ...scalars]),
      );
    const logits = new Float32Array(facts.batchSize * facts.classes);
    for (let index = 0; index < microBatches - 1; index++) {
      const [ofPart] = await run(training.accumulate!, [training.accumulate!.logits], index);
      part(logits, index).set(ofPart!);
    }
    const [ofLast, norm] = await run(training.graph, [training.logits, training.gradientNorm], microBatches - 1);
    part(logits, microBatches - 1).set(ofLast!);
    return { logits, gradientNorm: norm![0]! };
  }

  /** Some of the images of a step's batch, by their paths. */
  filesOf(step: number): string {
    const paths = Array.from(this.batches.imagesOf(step), this.data.pathOf);
    const named = paths.slice(0, NAMED_FILES).join(", ");
    return paths.length > NAMED_FILES ? `${named} and ${paths.length - NAMED_FILES} more` : named;
  }
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
