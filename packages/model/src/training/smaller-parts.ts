import { type Message, sayNotice } from "@residual/shared";
import type { ArchitectureSpec } from "../architectures/registry.js";
import { cutBatch } from "./training-programs.js";

/** Statistics of fewer images mislead batch normalization (Wu & He 2018). */
export const SMALL_BATCH = 16;

/** A batch that is to be computed in more parts than before, because memory is short. */
export interface Cut {
  readonly batchSize: number;
  /** At least so many parts. */
  readonly wanted: number;
  readonly freezeBatchNorm: boolean;
  readonly isPretrained: boolean;
  readonly architecture: ArchitectureSpec;
}

/** Why: memory ran out, and the run goes on from a step; or it was measured beforehand to be too little for the whole batch, in GB. */
export type CutReason = { readonly resumedFrom: number } | { readonly gigabytes: number };

export interface SmallerParts {
  readonly microBatches: number;
  readonly freezeBatchNorm: boolean;
  /** What is done, and what it changes of the result. */
  readonly message: Message;
}

/** Cuts the batch. Pre-trained batch statistics are kept where new ones would be of too few images. */
export function smallerParts(cut: Cut, reason: CutReason): SmallerParts {
  const { batchSize, wanted, freezeBatchNorm, isPretrained, architecture } = cut;
  const { parts: microBatches } = cutBatch(batchSize, wanted);
  const images = Math.floor(batchSize / microBatches);
  const measuresBatches = architecture.family === "resnet" && !freezeBatchNorm && images < SMALL_BATCH;
  const freezes = measuresBatches && isPretrained;
  const outcome = !measuresBatches ? "accumulating" : freezes ? "batchNormFrozen" : "batchNormSmall";
  const values = { batchSize, microBatches, images };
  const message =
    "gigabytes" in reason
      ? sayNotice(`notice.batchCut.${outcome}`, { ...values, ...reason })
      : sayNotice(`notice.outOfMemory.${outcome}`, { ...values, ...reason });
  return {
    microBatches,
    freezeBatchNorm: freezeBatchNorm || freezes,
    message,
  };
}
