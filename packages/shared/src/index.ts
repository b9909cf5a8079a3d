export {
  type Advice,
  type AdviceAction,
  type AdviceRule,
  type AdviceSeverity,
  adviceRules,
  type ConfigPatch,
} from "./advisor/advice.js";
export { type AdviceOutcome, type AppliedAdvice, adviceOutcomes, judgeAdvice } from "./advisor/advice-outcome.js";
export { advise, advisorVersion } from "./advisor/advise.js";
export { sureMistake } from "./advisor/rules/doubtful-labels.js";
export type {
  ClassEvidence,
  EvaluationEvidence,
  LabelEvidence,
  RunEvidence,
  SmallerNetworkEvidence,
} from "./advisor/run-evidence.js";
export { largerNetwork, smallerNetwork } from "./advisor/smaller-network.js";
export {
  type ArchitectureFacts,
  type ArchitectureStage,
  architectureFacts,
} from "./architecture-facts/architecture-facts.js";
export { bufferCount, multiplyAdds, parameterCount, savedActivations } from "./architecture-facts/counts.js";
export { checkpointBytes, estimateMemory } from "./architecture-facts/memory-estimate.js";
export {
  type Alignment,
  alignRuns,
  type Budget,
  type BudgetUnit,
  budgetUnits,
  commonBudget,
  type Selection,
  type SpentEvaluation,
  selections,
} from "./comparison/align-runs.js";
export {
  bestEvaluation,
  isSelectionMetric,
  type SelectionMetric,
  selectionMetrics,
  selectionScore,
} from "./comparison/best-evaluation.js";
export { type ComparisonOptions, type ComparisonResult, compareRuns } from "./comparison/compare-runs.js";
export type {
  ComparedEvaluation,
  ComparedRun,
  ComparedStatus,
  RunCost,
  StandingRun,
} from "./comparison/compared-run.js";
export { type ComparisonRow, comparisonRow } from "./comparison/comparison-row.js";
export { defaultMargin } from "./comparison/comparison-sentence.js";
export { type ConfigDifference, configDifferences } from "./comparison/config-differences.js";
export {
  compareIndependent,
  comparePaired,
  compareSeeds,
  correctness,
  type DifferenceTest,
  type TestMethod,
} from "./comparison/difference-test.js";
export {
  type FairnessFinding,
  type FairnessKind,
  fairnessFindings,
  fairnessKinds,
} from "./comparison/fairness-findings.js";
export { type GroupBy, groupRuns, type RunGroup } from "./comparison/group-runs.js";
export { type PricedCandidate, paretoFront } from "./comparison/pareto-front.js";
export { type GroupTest, testGroups } from "./comparison/test-groups.js";
export { sayDoctor } from "./doctor-report/doctor-messages.js";
export {
  type DoctorCheck,
  type DoctorExecutor,
  type DoctorReport,
  type DoctorStep,
  type DoctorSubject,
  doctorSubjects,
} from "./doctor-report/doctor-report.js";
export {
  assessGap,
  defaultGapThreshold,
  type GapAssessment,
  type GapMeasure,
  type GapVerdict,
  gapMeasures,
  gapRuleVersion,
  gapVerdicts,
} from "./generalization-gap/assess-gap.js";
export { assessLossGap } from "./generalization-gap/assess-loss-gap.js";
export type { Evaluation, SplitScore } from "./generalization-gap/evaluation.js";
export { accuracyGap, lossGap } from "./generalization-gap/gap-intervals.js";
export {
  areInPercent,
  type CurveKeys,
  findCurveKeys,
  findGapPairs,
  type GapPairs,
  type MetricPair,
  measureOf,
  type PairMeasure,
  pairedKeys,
  type SplitKeys,
} from "./generalization-gap/metric-pairs.js";
export { runningReservation } from "./generalization-gap/running-reservation.js";
export { type ListedImage, listedHashDigits, readImageList, writeImageList } from "./image-list/image-list.js";
export { sayPictures } from "./image-list/picture-messages.js";
export {
  decodeServerRecords,
  decodeWriterRecords,
  encodeServerRecords,
  encodeWriterRecords,
  type IngestRefusal,
  ingestSocketLimits,
  ingestSubprotocol,
  type ServerRecord,
  type WriterRecord,
} from "./ingest-socket/ingest-records.js";
export { IngestSocketError } from "./ingest-socket/ingest-socket-error.js";
export {
  fewestSizes,
  fitLearningCurve,
  type LearningCurveFit,
  type LearningCurvePoint,
} from "./learning-curve/fit-learning-curve.js";
export { sayBiggerNetwork, sayMoreData } from "./learning-curve/say-learning-curve.js";
export { fill, type Message, type MessageValues, withoutUnknownRange } from "./message/message.js";
export { englishMessages, type MessageKey, messageKeys } from "./message/message-keys.js";
export { decodeBase64, encodeBase64 } from "./metric-frame/base64.js";
export { decodeMetricFrame } from "./metric-frame/decode-metric-frame.js";
export { encodeMetricFrame } from "./metric-frame/encode-metric-frame.js";
export { float64ColumnFromBase64, float64ColumnToBase64 } from "./metric-frame/float64-column.js";
export {
  checkMetricFrame,
  type MetricColumn,
  type MetricFrame,
  metricFrameLimits,
  metricFramePoints,
} from "./metric-frame/metric-frame.js";
export { MetricFrameError } from "./metric-frame/metric-frame-error.js";
export { metricFrameFromJson } from "./metric-frame/metric-frame-from-json.js";
export {
  type PackedPredictions,
  packedPredictionBytes,
  packPredictions,
  unpackCorrect,
  unpackPredictions,
} from "./predictions/packed-predictions.js";
export { hashSeed, Random, shuffle } from "./random/random.js";
export { maxRequestBytes, pieceBytes, requestTooLarge } from "./request-limit.js";
export {
  type CompletionVocabulary,
  completeRunQuery,
  type RunQueryCompletion,
} from "./run-query/complete-run-query.js";
export { matchesRunQuery, type QueriedRun } from "./run-query/evaluate-run-query.js";
export { momentSpan } from "./run-query/moment.js";
export type { RunQueryVocabulary } from "./run-query/parse-operand.js";
export { defaultRunOrder, parseRunOrder } from "./run-query/parse-run-order.js";
export { parseRunQuery, runQueryLimits } from "./run-query/parse-run-query.js";
export {
  printRunOperand,
  printRunOrder,
  printRunQuery,
  printRunValue,
  printText,
} from "./run-query/print-run-query.js";
export { runStatuses } from "./run-query/run-fields.js";
export type {
  MetricSummaryName,
  RunComparison,
  RunMembership,
  RunOperand,
  RunOperator,
  RunOrderTerm,
  RunQuery,
  RunValue,
} from "./run-query/run-query.js";
export type { RunQueryProblem } from "./run-query/run-query-problem.js";
export {
  parseSafetensorsHeader,
  SafetensorsDamage,
  type SafetensorsDType,
  type SafetensorsHeader,
  type TensorEntry,
} from "./safetensors/safetensors-header.js";
export { Sha256 } from "./sha256/sha256.js";
export { embedCode, usualFrame } from "./share/embed-code.js";
export { auroc, aurocOneVsRest } from "./statistics/auroc.js";
export { type BootstrapOptions, bootstrapInterval, type IndexStatistic } from "./statistics/bootstrap.js";
export { type CalibrationBin, calibrationBins, expectedCalibrationError } from "./statistics/calibration.js";
export { classWeights } from "./statistics/class-weights.js";
export {
  type ClassificationScore,
  type ClassScore,
  confusionMatrix,
  scoreClassification,
} from "./statistics/classification.js";
export { bonettPriceInterval, newcombeInterval } from "./statistics/difference-interval.js";
export {
  generalizationLoss,
  progressQuotient,
  type StoppingRules,
  stoppingEpochs,
  trainingProgress,
} from "./statistics/early-stopping.js";
export { holmAdjust } from "./statistics/holm.js";
export type { Estimate, Interval } from "./statistics/interval.js";
export { type McNemarTest, mcnemarTest } from "./statistics/mcnemar.js";
export { clopperPearsonInterval, wilsonInterval } from "./statistics/proportion-interval.js";
export { spearman } from "./statistics/rank-correlation.js";
export {
  detectableDifference,
  examplesForPairedDifference,
  examplesForPrecision,
  examplesForTwoProportions,
  runsForSuperiority,
} from "./statistics/sample-size.js";
export { signFlipP, superiority } from "./statistics/superiority.js";
export { runsForPower, type TTestDesign, tTestPower } from "./statistics/t-test-power.js";
export { pairedTTest, type TTest, welchTTest } from "./statistics/t-tests.js";
export { median, theilSenSlope } from "./statistics/theil-sen.js";
export { planRungs, type Rung, rungCost, rungEpochs } from "./sweep/plan-rungs.js";
export {
  type ArchitectureFamily,
  type ArchitectureId,
  architectureFamilies,
  architectureFamily,
  architectureIds,
  architectureName,
  isArchitectureId,
} from "./training-config/architecture-id.js";
export {
  completeTrainingConfig,
  defaultWeightDecay,
  storedTrainingConfig,
  withRandomWeights,
} from "./training-config/complete-training-config.js";
export {
  commonBounds,
  type FloatBound,
  type IntBound,
  type TrainingBounds,
  trainingBounds,
} from "./training-config/training-bounds.js";
export {
  type Augmentation,
  augmentations,
  type ClassWeighting,
  classWeightings,
  type EvalUnit,
  evalUnits,
  type FreezePolicy,
  freezePolicies,
  type Optimizer,
  optimizers,
  type Precision,
  precisions,
  type Schedule,
  schedules,
  type TrainingConfig,
  type TrainingConfigInput,
} from "./training-config/training-config.js";
export { type ConfigProblem, validateTrainingConfig } from "./training-config/validate-training-config.js";
export {
  type DatasetSizeClass,
  type DatasetSizeLimits,
  datasetSizeClass,
  datasetSizeClasses,
  datasetSizeLimits,
} from "./training-guide/dataset-size.js";
export { type GuideChoice, type GuideUse, guideChoices, guideUses } from "./training-guide/guide-choices.js";
export { type ClaimStanding, claimStandings } from "./training-guide/guide-claims.js";
export { type GuideIssue, type GuideSolution, guideIssues } from "./training-guide/guide-issues.js";
export { type GuideDataset, type GuideNote, type GuideSource, guideNotes } from "./training-guide/guide-notes.js";
export { type GuidePreset, guidePresets } from "./training-guide/guide-presets.js";
export { type GuideRecommendation, guideRecommendation } from "./training-guide/guide-recommendation.js";
export { sayMeasured } from "./training-guide/measured-messages.js";
export { sayNotice } from "./training-notices/notice-messages.js";
export { type RunNoticeKind, runNoticeKinds } from "./training-notices/run-notice-kind.js";
