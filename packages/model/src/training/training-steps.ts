import { setImmediate } from "node:timers/promises";
import type { TrainingConfig } from "@residual/shared";
import type { Batch, TrainingBatches } from "../datasets/training-batches.js";
import type { Session } from "../executors/executor.js";
import { learningRateAt } from "./learning-rate.js";
import { scoreBatch } from "./score-logits.js";
import { writeTargets } from "./targets.js";
import { DivergedError } from "./training-error.js";
import type { StepEvent } from "./training-event.js";
import type { Programs } from "./training-programs.js";
import type { TrainingState } from "./training-state.js";

/** Optimizer steps, one at a time; the batch of the next one is prepared while the executor works. */
export class TrainingSteps {
  private readonly targets: Float32Array;
  private prepared: { readonly step: number; readonly batch: Promise<Batch> } | undefined;

  constructor(
    private readonly config: TrainingConfig,
    private readonly batches: TrainingBatches,
    private readonly programs: Programs,
    private readonly session: Session,
  ) {
    const { batchSize, classes } = programs.facts;
    this.targets = new Float32Array(batchSize * classes);
  }

  /** Does one update and moves `state` on. Throws DivergedError when the gradients are no longer finite. */
  async next(state: TrainingState): Promise<StepEvent> {
    const { training, facts } = this.programs;
    // Executors may compute on this thread, and a small step without a pause: reports and requests need their turn.
    await setImmediate();
    const begin = performance.now();
    const batch = await this.batchOf(state.step);
    const loaderWaitSeconds = secondsSince(begin);

    writeTargets(this.targets, batch.labels, facts.classes, this.config.labelSmoothing);
    const update = state.step + 1;
    const learningRate = learningRateAt(update, facts.totalSteps, this.config);
    const feeds = new Map([
      ["images", batch.images],
      ["targets", this.targets],
      ["learningRate", Float32Array.of(learningRate)],
      ["step", Float32Array.of(update)],
    ]);
    const fetch = { values: [training.logits, training.gradientNorm], applyUpdates: true };
    const running = this.session.run(training.graph, fetch, feeds);
    if (update < facts.totalSteps) this.prepare(update);
    const [logits, norm] = await running;

    const gradientNorm = norm![0]!;
    const epoch = update / facts.stepsPerEpoch;
    if (!Number.isFinite(gradientNorm)) {
      throw new DivergedError(update, epoch, gradientNorm, this.config.learningRate);
    }
    const { loss, accuracy } = scoreBatch(logits!, batch.labels, facts.classes);
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

  private batchOf(step: number): Promise<Batch> {
    if (this.prepared?.step !== step) this.prepare(step);
    return this.prepared!.batch;
  }

  private prepare(step: number): void {
    const batch = this.batches.batch(step);
    // Its error is reported by the step that needs it; until then it must not count as unhandled.
    batch.catch(() => {});
    this.prepared = { step, batch };
  }
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
