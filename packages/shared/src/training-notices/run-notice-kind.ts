/** What a training does on its own account, or meets with, that whoever reads its result should know. */
export const runNoticeKinds = [
  "TRAINED_FROM_SCRATCH",
  "BATCH_NORM_FROZEN",
  "BATCH_CUT",
  "OUT_OF_MEMORY",
  "DIVERGED",
  "STAGE_UNFROZEN",
  "EARLY_STOPPED",
  "PRECISION",
] as const;

export type RunNoticeKind = (typeof runNoticeKinds)[number];
