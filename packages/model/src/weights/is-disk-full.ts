const codes = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Whether a write failed for want of space: on the disk, in the user's quota, or in what a file may grow to. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && codes.has(String((error as NodeJS.ErrnoException).code));
}
