/** A session or a run needs more memory than its device has. The same with a smaller batch may fit. */
export class OutOfMemoryError extends Error {
  override readonly name = "OutOfMemoryError";
}
