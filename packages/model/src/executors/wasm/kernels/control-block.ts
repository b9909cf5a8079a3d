/**
 * Through which the main thread hands a kernel call to the other threads: 32-bit words of shared memory, then the call's parameters
 * as float64 (which holds addresses, counts and single-precision factors alike).
 */
export const controlWords = {
  /** Counts calls; the threads sleep on it. */
  call: 0,
  /** The next unit that nobody has taken. */
  next: 1,
  units: 2,
  /** Units taken at once. */
  share: 3,
  kernel: 4,
  parameters: 5,
  /** Threads that have not finished the call; the main thread sleeps on it. */
  busy: 6,
  /** Not zero after a kernel has failed in some thread. */
  failed: 7,
  /** Threads that have started; the work is shared once all have. */
  started: 8,
} as const;

/** Where the parameters begin, in bytes. */
export const parameterOffset = 64;
const mostParameters = 24;
/** Of words and parameters. */
export const controlBytes = parameterOffset + 8 * mostParameters;

/** Turns of a loop that looks for work or for an end before a thread goes to sleep: some ten microseconds. */
export const spins = 2000;
