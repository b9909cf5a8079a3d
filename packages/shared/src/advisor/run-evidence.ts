import type { ComparedStatus } from "../comparison/compared-run.js";
import type { DifferenceTest } from "../comparison/difference-test.js";
import type { GapAssessment } from "../generalization-gap/assess-gap.js";
import type { Evaluation } from "../generalization-gap/evaluation.js";
import type { Precision, TrainingConfig } from "../training-config/training-config.js";

/** An evaluation and what else was measured at it; null where it was not. */
export type EvaluationEvidence = Evaluation & {
  /** Accuracy on the augmented images of the epoch, with moving weights and batch statistics. */
  trainRunningAccuracy: number | null;
  /** Expected calibration error on val. */
  valCalibrationError: number | null;
};

/** Images of one class in each split, and how many of the val ones are recognised. */
export type ClassEvidence = { name: string; train: number; val: number; recall: number | null };

/** Contents that lie in the folders of several classes, and val images that the last evaluation surely took for another class, of so many scored. */
export type LabelEvidence = { conflicts: number; sureMistakes: number; scored: number };

/** The best finished run of the next smaller network on the same split, and this run's test against it. */
export type SmallerNetworkEvidence = {
  name: string;
  test: Pick<DifferenceTest, "estimate" | "low" | "high" | "pValue" | "examples">;
  /** This run's training time in multiples of the other's; null where one was not measured. */
  timeRatio: number | null;
};

/** With its 95 % interval, or without one where nobody knows how many images are behind it. */
type Estimated = { estimate: number; low: number | null; high: number | null };

/** All that the advisor knows of a run: its own record, nothing of other projects. Null where it was not measured. */
export type RunEvidence = {
  /** Null for a run that another script trained: it can be advised, but not started again from here. */
  config: TrainingConfig | null;
  status: ComparedStatus;
  failure: "OUT_OF_MEMORY" | "DIVERGED" | "OTHER" | null;
  /** In the order of epochs. */
  evaluations: readonly EvaluationEvidence[];
  gap: (Pick<GapAssessment, "verdict" | "onsetEpoch" | "wastedEpochs"> & { accuracy: Estimated | null }) | null;
  /** Null before the dataset is scanned. */
  classes: readonly ClassEvidence[] | null;
  /** What speaks against the labels; null where neither was looked at. */
  labels: LabelEvidence | null;
  /** Images of the train split that are used. */
  trainImages: number | null;
  /** Parts of a second of training that the device waited for images. */
  loaderWaitShare: number | null;
  /** Largest and median norm of the gradients over the run. */
  gradientNorm: { median: number; largest: number } | null;
  /** What the training met with and went on from. */
  outOfMemoryRecoveries: number;
  divergences: number;
  memory: { neededBytes: number; availableBytes: number } | null;
  /** What the worker's executor can compute in. */
  precisions: readonly Precision[];
  trainSeconds: number | null;
  smallerNetwork: SmallerNetworkEvidence | null;
};
