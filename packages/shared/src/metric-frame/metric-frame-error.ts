/** A frame that cannot be accepted: which part of it (`field`), why, and the limit where one was exceeded. TOO_LARGE: several frames would do. */
export class MetricFrameError extends Error {
  override readonly name = "MetricFrameError";

  constructor(
    readonly field: "frame" | "steps" | "times" | "values",
    readonly reason: string,
    readonly limit?: number,
    readonly code: "BAD_INPUT" | "TOO_LARGE" = "BAD_INPUT",
  ) {
    super(reason);
  }
}
