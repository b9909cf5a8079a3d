import type { StartedEvent, StepEvent, TrainingPhase } from "@residual/model";
import type { TrainingConfig } from "@residual/shared";
import type { Lease } from "../lease.js";

/** Turns the events of a run into the progress that heartbeats carry. */
export class TrainingProgress {
  private started: StartedEvent | undefined;
  private step = 0;
  private phase: TrainingPhase = "loading images";
  private secondsPerStep: number | undefined;
  private imagesPerSecond: number | null = null;
  private evaluationBegan = 0;
  private secondsPerEvaluation = 0;

  constructor(
    private readonly lease: Lease,
    private readonly config: TrainingConfig,
  ) {}

  begin(event: StartedEvent): void {
    this.started = event;
    this.step = event.resumedFromStep;
    this.publish();
  }

  stepped(event: StepEvent, batchSize: number): void {
    const seconds = batchSize / event.imagesPerSecond;
    this.secondsPerStep = this.secondsPerStep === undefined ? seconds : this.secondsPerStep * 0.9 + seconds * 0.1;
    this.imagesPerSecond = batchSize / this.secondsPerStep;
    this.step = event.step;
    this.publish();
  }

  entered(phase: TrainingPhase, done: number, total: number): void {
    if (phase === "evaluating" && this.phase !== "evaluating") this.evaluationBegan = performance.now();
    if (phase !== "evaluating" && this.phase === "evaluating") {
      this.secondsPerEvaluation = (performance.now() - this.evaluationBegan) / 1000;
    }
    this.phase = phase;
    if (phase === "loading images" || phase === "fetching weights")
      this.lease.progress = { ...this.current(), step: done, steps: total };
    else this.publish();
  }

  private publish(): void {
    this.lease.progress = this.current();
  }

  private current() {
    const steps = this.started?.totalSteps ?? 0;
    const stepsPerEpoch = this.started?.stepsPerEpoch ?? 1;
    const epoch = Math.floor(this.step / stepsPerEpoch);
    return {
      epoch,
      epochs: this.config.epochs,
      step: this.step,
      steps,
      imagesPerSecond: this.imagesPerSecond,
      secondsLeft: this.secondsLeft(steps - this.step, epoch),
      phase: this.phase,
    };
  }

  private secondsLeft(stepsLeft: number, epoch: number): number | null {
    if (this.secondsPerStep === undefined) return null;
    const { epochs, evalEvery, evalUnit } = this.config;
    const evaluationsLeft = Math.ceil((evalUnit === "STEP" ? stepsLeft : epochs - epoch) / evalEvery);
    return stepsLeft * this.secondsPerStep + evaluationsLeft * this.secondsPerEvaluation;
  }
}
