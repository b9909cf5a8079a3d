import type { Evaluation } from "../generalization-gap/evaluation.js";
import type { ArchitectureId } from "../training-config/architecture-id.js";

export type ComparedStatus = "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "STOPPED";

/** An evaluation with what tells whether two of them were made on the same val images. */
export type ComparedEvaluation = Evaluation & { valImagesHash: string | null };

/** What a run costs; null where it was not measured. */
export type RunCost = {
  parameters: number | null;
  macs: number | null;
  trainSeconds: number | null;
  imagesPerSecond: number | null;
  secondsPerEpoch: number | null;
  /** Peak of the training. */
  memoryBytes: number | null;
  /** Median answer of the trained network to one image, on the machine that trained it. */
  latencyMilliseconds: number | null;
  energyWattHours: number | null;
};

/** A run as a comparison needs it. */
export type ComparedRun = {
  id: string;
  name: string;
  status: ComparedStatus;
  /** Trained by a worker of Residual, or logged by another script. */
  origin: "TRAINED_HERE" | "LOGGED";
  architecture: ArchitectureId | null;
  config: Readonly<Record<string, unknown>>;
  seed: number | null;
  /** Runs that differ in their seed only share it; null: the run stands alone. */
  group: string | null;
  /** Identity of the images and labels it was trained on; null where it was not logged. */
  datasetHash: string | null;
  /** Identity of the weights it started from, "random" for none; null where it was not logged. */
  pretraining: string | null;
  /** Images of the train split that were used. */
  trainImages: number | null;
  cost: RunCost;
};

/** A run with the evaluation that stands for it. valCorrect: for each val image, in the split's order, 1 where the run is right. */
export type StandingRun = {
  run: ComparedRun;
  evaluation: ComparedEvaluation | null;
  valCorrect: ArrayLike<number> | null;
};
