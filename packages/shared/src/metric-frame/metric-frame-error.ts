/** A frame that cannot be accepted: which part of it (`field`), why, and the limit where one was exceeded. */
export class MetricFrameError extends Error {
  override readonly name = "MetricFrameError";

  constructor(
    readonly field: "frame" | "steps" | "times" | "values",
    readonly reason: string,
    readonly limit?: number,
  ) {
    super(reason);
  }
}
