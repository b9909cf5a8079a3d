import type { TrainingConfig } from "@residual/shared";

/** The cosine ends at this share of the learning rate, so that the last steps still move. */
const FINAL_SHARE = 0.01;

/** Shares of the steps after which STEP divides the learning rate by ten (BiT's rule, Kolesnikov et al. 2020). */
const DROPS = [0.3, 0.6, 0.9];

/**
 * The learning rate of an update (1, 2, … totalSteps): linear warm-up over the first `warmupFraction` of all updates, then half a cosine
 * down to 1 % (Loshchilov & Hutter 2017, one cycle), or constant, or in steps.
 */
export function learningRateAt(
  update: number,
  totalSteps: number,
  config: Pick<TrainingConfig, "learningRate" | "warmupFraction" | "schedule">,
): number {
  const { learningRate, warmupFraction, schedule } = config;
  const warmup = Math.round(totalSteps * warmupFraction);
  if (update <= warmup) return (learningRate * update) / warmup;
  if (schedule === "CONSTANT") return learningRate;
  if (schedule === "STEP") {
    return learningRate * 10 ** -DROPS.filter((share) => update > share * totalSteps).length;
  }
  const progress = (update - warmup) / Math.max(1, totalSteps - warmup);
  const floor = learningRate * FINAL_SHARE;
  return floor + ((learningRate - floor) / 2) * (1 + Math.cos(Math.PI * progress));
}
