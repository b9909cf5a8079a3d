import type { TrainingConfig } from "@residual/shared";

/** The cosine ends at this share of the learning rate, so that the last steps still move. */
const FINAL_SHARE = 0.01;

/**
 * The learning rate of an update (1, 2, … totalSteps): linear warm-up over the first `warmupFraction` of all updates, then half a cosine
 * down to 1 % (Loshchilov & Hutter 2017, one cycle).
 */
export function learningRateAt(
  update: number,
  totalSteps: number,
  { learningRate, warmupFraction }: Pick<TrainingConfig, "learningRate" | "warmupFraction">,
): number {
  const warmup = Math.round(totalSteps * warmupFraction);
  if (update <= warmup) return (learningRate * update) / warmup;
  const progress = (update - warmup) / Math.max(1, totalSteps - warmup);
  const floor = learningRate * FINAL_SHARE;
  return floor + ((learningRate - floor) / 2) * (1 + Math.cos(Math.PI * progress));
}
