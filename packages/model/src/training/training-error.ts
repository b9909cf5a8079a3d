/** Training ended in numbers that are no numbers. The message says at which step and what to try. */
export class DivergedError extends Error {
  override name = "DivergedError";

  constructor(
    readonly step: number,
    epoch: number,
    gradientNorm: number,
    learningRate: number,
  ) {
    super(
      `Training diverged at step ${step} (epoch ${epoch.toFixed(2)}): the gradient norm is ${gradientNorm}. ` +
        `Start again with a lower learning rate (${(learningRate / 3).toPrecision(2)} instead of ${learningRate}) or a longer warm-up.`,
    );
  }
}

/** A checkpoint that could not be written or cannot be gone on from. The message names the file and what to do. */
export class CheckpointError extends Error {
  override name = "CheckpointError";
}
