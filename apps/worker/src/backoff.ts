import { setTimeout as sleep } from "node:timers/promises";

const BASE_SECONDS = 0.25;
const LONGEST_SECONDS = 15;

/**
 * Waits before the n-th repetition (0, 1, …): a random time up to 0.25 s · 2ⁿ, at most 15 s. The whole range is random ("full jitter"), so
 * that many workers whose API comes back do not come back at once. Throws the signal's reason when it is aborted.
 */
export async function backOff(attempt: number, signal?: AbortSignal, atLeastSeconds = 0): Promise<void> {
  const seconds = Math.random() * Math.min(LONGEST_SECONDS, BASE_SECONDS * 2 ** attempt);
  await pause(Math.max(seconds, atLeastSeconds), signal);
}

/** Waits. Throws the signal's reason when it is aborted. */
export async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    signal?.throwIfAborted();
  }
}
