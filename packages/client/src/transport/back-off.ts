import { setTimeout as sleep } from "node:timers/promises";

const BASE_SECONDS = 0.25;
const LONGEST_SECONDS = 15;

/**
 * Waits before the n-th repetition (0, 1, …): a random time up to 0.25 s · 2ⁿ, at most 15 s, at least what the API asked for. The whole range
 * is random ("full jitter"), so that many writers whose API comes back do not come back at once. Ends early when the signal is aborted. It
 * does not keep the process alive: what waits is on disk.
 */
export async function backOff(attempt: number, atLeastSeconds: number, signal: AbortSignal): Promise<void> {
  const seconds = Math.random() * Math.min(LONGEST_SECONDS, BASE_SECONDS * 2 ** attempt);
  await sleep(Math.max(seconds, atLeastSeconds) * 1000, undefined, { signal, ref: false }).catch(() => {});
}
