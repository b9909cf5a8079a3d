import type { DoctorReport, MessageValues, RunNoticeKind, TrainingConfigInput } from "@residual/shared";
import type { Operation } from "./api-client.js";

type Input<Fields> = { readonly input: Fields };

/** What every write under a lease carries; the API refuses it as FENCED once another worker has claimed the job. */
interface Hold {
  readonly job: string;
  readonly leaseGeneration: number;
}

export interface ExecutorReport {
  readonly name: string;
  readonly available: boolean;
  readonly chosen: boolean;
  readonly gigaflops: number | null;
  readonly detail: string;
}

export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface WorkerDescription {
  readonly name: string;
  readonly host: string;
  readonly backend: string;
  readonly device: string;
  readonly gigaflops: number;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly version: string;
  readonly executors: readonly ExecutorReport[];
  readonly hourlyRate: Money | null;
  /** Left out until the machine is examined. */
  readonly doctor?: DoctorReport;
}

export const registerWorker: Operation<Input<WorkerDescription>, { registerWorker: { id: string } }> = {
  name: "RegisterWorker",
  text: "mutation RegisterWorker($input: RegisterWorkerInput!) { registerWorker(input: $input) { id } }",
};

export interface CheckpointRow {
  readonly step: number;
  readonly path: string;
  readonly sha256: string;
}

export interface ClaimedJob {
  readonly job: { readonly id: string; readonly kind: "TRAIN_RUN" | "SCAN_DATASET"; readonly attempt: number };
  readonly leaseGeneration: number;
  readonly leaseSeconds: number;
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly config: TrainingConfigInput;
    readonly checkpoints: readonly CheckpointRow[];
  } | null;
  readonly dataset: {
    readonly id: string;
    readonly name: string;
    readonly path: string;
    readonly contentHash: string | null;
  };
  readonly splitOptions: { readonly valFraction: number; readonly testFraction: number; readonly splitSeed: number };
  readonly checkpoint: CheckpointRow | null;
}

export const claimJob: Operation<Input<{ worker: string }>, { claimJob: ClaimedJob | null }> = {
  name: "ClaimJob",
  text: `mutation ClaimJob($input: ClaimJobInput!) {
    claimJob(input: $input) {
      job { id kind attempt }
      leaseGeneration
      leaseSeconds
      run { id name config checkpoints { step path sha256 } }
      dataset { id name path contentHash }
      splitOptions
      checkpoint { step path sha256 }
    }
  }`,
};

export interface Passport {
  readonly parameters: number;
  readonly macs: number;
  readonly imageSize: number;
  readonly classes: number;
  readonly checkpointBytes: number;
  readonly predictedMemoryBytes: number;
}

/** The weights that a training began with. */
export interface InitialWeightsRow {
  readonly source: string;
  readonly sha256: string | null;
  readonly layout: string | null;
  readonly replaced: readonly string[];
  readonly resized: readonly string[];
}

export interface JobStart extends Hold {
  readonly resumedFromStep: number;
  readonly initialWeights: InitialWeightsRow;
  readonly environment: Readonly<Record<string, string | number>>;
  readonly passport: Passport;
}

export const beginJob: Operation<Input<JobStart>, { beginJob: { id: string } }> = {
  name: "BeginJob",
  text: "mutation BeginJob($input: BeginJobInput!) { beginJob(input: $input) { id } }",
};

export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  readonly imagesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly phase: string;
}

export const heartbeat: Operation<
  Input<Hold & { progress: Progress | null }>,
  { heartbeat: { request: "CONTINUE" | "STOP" | "CANCEL" } }
> = {
  name: "Heartbeat",
  text: "mutation Heartbeat($input: HeartbeatInput!) { heartbeat(input: $input) { request } }",
};

export interface MetricFlush {
  readonly run: string;
  readonly writer: string;
  readonly seq: number;
  readonly leaseGeneration: number;
  /** Base64 of an encoded metric frame. */
  readonly frame: string;
}

export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

export interface SplitScoreRow {
  readonly examples: number;
  readonly correct: number;
  readonly meanLoss: WireNumber;
  readonly lossVariance: WireNumber;
  readonly imagesHash: string;
  /** Base64, one unsigned byte an image (two, little-endian, above 256 classes). */
  readonly predictions?: string;
  /** Base64, one little-endian float32 an image. */
  readonly losses?: string;
  readonly top5Correct?: number;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly expectedCalibrationError?: number;
  /** By class; null where the split has no image of it. */
  readonly classRecalls?: readonly (number | null)[];
}

export interface EvaluationRow {
  readonly run: string;
  readonly leaseGeneration: number;
  readonly epoch: number;
  readonly step: number;
  readonly train: SplitScoreRow;
  readonly val: SplitScoreRow;
}

export const logEvaluation: Operation<Input<EvaluationRow>, { logEvaluation: { step: number } }> = {
  name: "LogEvaluation",
  text: "mutation LogEvaluation($input: LogEvaluationInput!) { logEvaluation(input: $input) { step } }",
};

export interface TestScoreRow {
  readonly run: string;
  readonly leaseGeneration: number;
  readonly step: number;
  readonly score: SplitScoreRow;
}

export const logTestScore: Operation<Input<TestScoreRow>, { logTestScore: { id: string } }> = {
  name: "LogTestScore",
  text: "mutation LogTestScore($input: LogTestScoreInput!) { logTestScore(input: $input) { id } }",
};

export interface NoticeRow extends Hold {
  readonly step: number;
  readonly kind: RunNoticeKind;
  readonly key: string;
  readonly values: MessageValues;
  readonly text: string;
}

export const addRunNotice: Operation<Input<NoticeRow>, { addRunNotice: { step: number } }> = {
  name: "AddRunNotice",
  text: "mutation AddRunNotice($input: AddRunNoticeInput!) { addRunNotice(input: $input) { step } }",
};

export interface CheckpointCommit extends Hold, CheckpointRow {
  readonly epoch: number;
  readonly bytes: number;
}

export const commitCheckpoint: Operation<Input<CheckpointCommit>, { commitCheckpoint: { step: number } }> = {
  name: "CommitCheckpoint",
  text: "mutation CommitCheckpoint($input: CommitCheckpointInput!) { commitCheckpoint(input: $input) { step } }",
};

/** Which file is which image of what is reported image by image. */
export interface ImageList {
  readonly split: "val" | "test";
  readonly imagesHash: string;
  /** Base64 of the list (shared/image-list), gzipped. */
  readonly images: string;
}

export interface ScanReport extends Hold {
  readonly contentHash: string;
  readonly imageCount: number;
  readonly classes: readonly {
    readonly name: string;
    readonly images: number;
    readonly train: number;
    readonly val: number;
    readonly test: number;
  }[];
  readonly duplicates: readonly { readonly contentHash: string; readonly paths: readonly string[] }[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  readonly warnings: readonly string[];
  /** Null where they do not fit into a request. */
  readonly imageLists: readonly ImageList[] | null;
}

export const reportDatasetScan: Operation<Input<ScanReport>, { reportDatasetScan: { id: string } }> = {
  name: "ReportDatasetScan",
  text: "mutation ReportDatasetScan($input: ReportDatasetScanInput!) { reportDatasetScan(input: $input) { id } }",
};

export interface JobEnd {
  /** QUEUED gives the job back. */
  readonly status: "DONE" | "FAILED" | "CANCELLED" | "QUEUED";
  /** Ended on request before its last epoch. */
  readonly stopped?: boolean;
  readonly error?: string;
  /** Of a failure: OTHER unless said. */
  readonly cause?: "OUT_OF_MEMORY" | "DIVERGED" | "OTHER";
  readonly measuredImagesPerSecond?: number;
  readonly measuredMemoryBytes?: number;
  readonly inferenceImagesPerSecond?: number;
  readonly latencyP50Milliseconds?: number;
  readonly latencyP95Milliseconds?: number;
  /** Of this lease, where the GPU tells its power. */
  readonly energyWattHours?: number | undefined;
}

export const finishJob: Operation<Input<Hold & JobEnd>, { finishJob: { id: string } }> = {
  name: "FinishJob",
  text: "mutation FinishJob($input: FinishJobInput!) { finishJob(input: $input) { id } }",
};
