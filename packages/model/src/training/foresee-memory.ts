import { estimateMemory } from "@residual/shared";
import { largestBatch } from "./largest-batch.js";
import type { PreflightSubject } from "./preflight.js";

/** Below this part of the memory the estimate is trusted, and nothing is measured: a job begins to train at once. */
const TRUSTED_SHARE = 0.5;

/**
 * In how many parts a batch of `batchSize` images fits into `memoryBytes`: as many as the config says, unless the estimate takes more than
 * half of the memory. Then real steps are measured, and the most images that fit at a time are found by halving (see `largestBatch`). No
 * step is tried that the estimate puts above that half: where memory is overcommitted, the kernel ends a process without asking.
 * Throws an OutOfMemoryError where not even one image fits.
 */
export async function partsThatFit(
  subject: PreflightSubject,
  { batchSize, memoryBytes }: { readonly batchSize: number; readonly memoryBytes: number },
): Promise<number> {
  const { config, classes, executor } = subject;
  const { microBatches } = config;
  const bytesOf = (images: number) =>
    estimateMemory({ ...config, batchSize: images, microBatches: 1 }, classes, executor.name);
  const trusted = TRUSTED_SHARE * memoryBytes;
  const atOnce = Math.ceil(batchSize / microBatches);
  if (bytesOf(atOnce) <= trusted) return microBatches;
  const perImage = bytesOf(1) - bytesOf(0);
  const safe = Math.max(2, Math.min(atOnce, Math.floor((trusted - bytesOf(0)) / perImage)));
  // Two parts stand for any number: what adds their gradients up takes memory too.
  const probed = { ...subject, config: { ...config, batchSize: 2 * safe, microBatches: 2 } };
  const most = await largestBatch(probed, { memoryLimit: memoryBytes, most: atOnce });
  return most >= atOnce ? microBatches : Math.ceil(batchSize / most);
}
