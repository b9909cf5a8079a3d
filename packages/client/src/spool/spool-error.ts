/** A folder that cannot hold a spool. The message says where and what to do. */
export class SpoolError extends Error {
  override name = "SpoolError";
}

/** Whether a write failed for want of space (or of the allowance for it). */
export function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes((error as NodeJS.ErrnoException).code ?? "");
}
