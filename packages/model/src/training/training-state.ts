import type { EvaluatedEvent } from "./training-event.js";

/** How val scored at a step; by it the best checkpoint is kept. */
export interface ValScore {
  readonly accuracy: number;
  readonly loss: number;
}

/** A val loss must be lower by this share to count as better: less is noise. */
const SMALLEST_GAIN = 0.001;

/** Where a run is, and what is already done there. All but times is in its checkpoints. */
export class TrainingState {
  /** The step whose weights were scored last; −1 before the first evaluation. */
  evaluatedStep = -1;
  savedStep = -1;
  savedAt = performance.now();
  /** Of the weights at `evaluatedStep`. */
  score: ValScore | undefined;
  /** Lowest val loss so far, for early stopping. */
  lowestLoss = Number.POSITIVE_INFINITY;
  lowestLossStep = 0;
  /** Evaluations after the one with the lowest val loss. */
  evaluationsWithoutGain = 0;
  /** What the learning rate is multiplied by: less than 1 after a divergence. */
  learningRateFactor = 1;
  private images = 0;
  private seconds = 0;
  private timedSteps = 0;

  /** @param step updates done so far */
  constructor(public step: number) {}

  /** The first three steps allocate and compile; a throughput with them would be too low. */
  advance(images: number, seconds: number): void {
    this.step++;
    this.timedSteps++;
    if (this.timedSteps <= 3) return;
    this.images += images;
    this.seconds += seconds;
  }

  evaluated({ step, val }: EvaluatedEvent): void {
    this.evaluatedStep = step;
    // A checkpoint that was written before does not know the score.
    this.savedStep = -1;
    this.score = { accuracy: val.correct / val.examples, loss: val.meanLoss };
    this.evaluationsWithoutGain++;
    if (val.meanLoss < this.lowestLoss * (1 - SMALLEST_GAIN)) {
      this.lowestLoss = val.meanLoss;
      this.lowestLossStep = step;
      this.evaluationsWithoutGain = 0;
    }
  }

  saved(): void {
    this.savedStep = this.step;
    this.savedAt = performance.now();
  }

  get imagesPerSecond(): number | undefined {
    return this.seconds > 0 ? this.images / this.seconds : undefined;
  }
}
