/** Weights to start from that cannot be used. The message names the file, the reason and what to do. */
export class PretrainedError extends Error {
  override readonly name = "PretrainedError";
}

/** There are no such weights here, and none can be fetched. */
export class WeightsNotFound extends PretrainedError {}
