/** Training ended in numbers that are no numbers. The message says at which step, on which images and what to try. */
export class DivergedError extends Error {
  override name = "DivergedError";

  /**
   * @param what the number and what it is: "the gradient norm is NaN"
   * @param files images of the batch, as far as they are named
   */
  constructor(
    readonly step: number,
    epoch: number,
    readonly what: string,
    readonly learningRate: number,
    readonly files: string,
  ) {
    super(
      `Training diverged at step ${step} (epoch ${epoch.toFixed(2)}): ${what}. ` +
        `Start again with a lower learning rate (${(learningRate / 3).toPrecision(2)} instead of ${learningRate}) or a longer warm-up. ` +
        `The batch had the images ${files}.`,
    );
  }
}

/** A checkpoint that could not be written or cannot be gone on from. The message names the file and what to do. */
export class CheckpointError extends Error {
  override name = "CheckpointError";
}

/** A config that this worker cannot train. The message says what is missing here and what would do. */
export class UntrainableError extends Error {
  override name = "UntrainableError";
}
