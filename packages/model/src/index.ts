export { type ArchitectureSpec, architecture, architectures, resnetSpec } from "./architectures/registry.js";
export { augmentationPreview } from "./datasets/augmentation/augmentation-preview.js";
export { DatasetError } from "./datasets/dataset-error.js";
export { decodeImage } from "./datasets/decode-image.js";
export {
  type ImageFolderScan,
  type ScannedClass,
  type ScannedImage,
  type ScanOptions,
  scanImageFolder,
} from "./datasets/scan-image-folder.js";
export type { Split, SplitOptions } from "./datasets/split.js";
export { hashOfImages, imagesOfSplit } from "./datasets/subset.js";
export type { Executor } from "./executors/executor.js";
export { measureGemm } from "./executors/measure-gemm.js";
export { type ExecutorName, executorNames, openExecutor } from "./executors/open-executor.js";
export { OutOfMemoryError } from "./executors/out-of-memory-error.js";
export type { Precision } from "./executors/precision.js";
export { openTensorFlow } from "./executors/tensorflow/tensorflow.js";
export { openWasm, openWasmBlas } from "./executors/wasm/wasm-executor.js";
export { ExportError } from "./export/export-error.js";
export {
  type ExportedModel,
  type ExportOptions,
  type ExportTarget,
  exportModel,
  exportTargets,
} from "./export/export-model.js";
export { bestCheckpointIn, openTrainedModel, type TrainedModel } from "./export/trained-model.js";
export { buildEvaluationGraph } from "./graph/evaluation-graph.js";
export { GraphBuilder } from "./graph/graph-builder.js";
export { buildTrainingGraph } from "./graph/training-graph.js";
export { type DefaultCheckpoint, defaultCheckpoints } from "./hub/default-checkpoints.js";
export type { DownloadProgress } from "./hub/download-file.js";
export { type HubSettings, hubSettings } from "./hub/hub-settings.js";
export type { Classifier } from "./prediction/classifier.js";
export { openClassifier } from "./prediction/open-classifier.js";
export { type ClassScore, type Prediction, predict } from "./prediction/predict.js";
export { verifyCheckpoint } from "./training/checkpoint-file.js";
export { keepBestCheckpoint } from "./training/checkpoint-folder.js";
export { type BatchLimits, largestBatch } from "./training/largest-batch.js";
export { type InferenceOptions, type InferenceSpeed, measureLatency } from "./training/measure-latency.js";
export {
  estimateRun,
  measureSteps,
  type PreflightSubject,
  type RunEstimate,
  type StepCost,
} from "./training/preflight.js";
export { type TrainingPhase, type TrainingRequest, type TrainOptions, train } from "./training/train.js";
export { CheckpointError, DivergedError, UntrainableError } from "./training/training-error.js";
export type {
  CheckpointedEvent,
  EvaluatedEvent,
  FinishedEvent,
  InitialWeights,
  NoticeEvent,
  SplitScore,
  StartedEvent,
  StepEvent,
  TestedEvent,
  TrainingEvent,
} from "./training/training-event.js";
export { initializeVariables } from "./weights/initialize.js";
export { toTorchLayout } from "./weights/layout.js";
export {
  loadPretrained,
  type Pretrained,
  type PretrainedOptions,
  type PretrainedReport,
} from "./weights/pretrained/load-pretrained.js";
export { PretrainedError } from "./weights/pretrained/pretrained-error.js";
