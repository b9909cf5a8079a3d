/** The executor that the worker had chosen cannot be opened any more. The message says why. */
export class ExecutorMissing extends Error {
  override name = "ExecutorMissing";
}
