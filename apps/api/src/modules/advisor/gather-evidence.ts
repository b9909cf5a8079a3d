import {
  assessGap,
  type ClassEvidence,
  type EvaluationEvidence,
  type GapAssessment,
  isArchitectureId,
  type RunEvidence,
  storedTrainingConfig,
  type TrainingConfig,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { detailsOfEvaluation, evaluationsOfRun, seriesEvaluationsOfRun } from "../evaluation/evaluation.loader.js";
import type { StoredEvaluation } from "../evaluation/read-evaluations.js";
import { jobsOfRun, noticesOfRun } from "../job/job.loader.js";
import { projectById } from "../project/project.loader.js";
import { passportOf } from "../run/passport-of.js";
import type { Run } from "../run/run.entity.js";
import { workerById } from "../worker/worker.loader.js";
import { labelEvidence } from "./label-evidence.js";
import { smallerNetworkRun } from "./smaller-network-run.js";
import { trainingSignals } from "./training-signals.js";

/** All that the advisor may know of a run. */
export async function gatherEvidence(context: Context, run: Run): Promise<RunEvidence> {
  const config = trainedConfig(run);
  const [stored, classes, notices, memory, signals, smaller] = await Promise.all([
    context.load(evaluationsOfRun).load(run),
    classesOf(context, run),
    context.load(noticesOfRun).load(run.id),
    memoryOf(context, run),
    trainingSignals(context, run, config?.batchSize ?? 1),
    smallerNetworkRun(context, run),
  ]);
  const fromSeries = stored.length > 0 ? null : await context.load(seriesEvaluationsOfRun).load(run);
  const details = stored.length > 0 ? await detailsOf(context, run, stored.at(-1)!) : null;
  const evaluations: EvaluationEvidence[] = (stored.length > 0 ? stored : (fromSeries?.evaluations ?? [])).map(
    (evaluation, i, all) => ({
      ...evaluation,
      trainRunningAccuracy: signals.runningAccuracy(all[i - 1]?.step ?? 0, evaluation.step),
      valCalibrationError: i === all.length - 1 ? (details?.expectedCalibrationError ?? null) : null,
    }),
  );
  const project = await context.load(projectById).load(run.projectId);
  const gap = assessGap(evaluations, project?.gapThreshold);
  const isCounted = stored.length > 0 || fromSeries?.counted === true;
  return {
    config,
    status: run.status,
    failure: run.status === "FAILED" ? (run.failureCause ?? "OTHER") : null,
    evaluations,
    gap: isCounted ? gap : withoutInterval(gap),
    classes: classes?.map((one, i) => ({ ...one, recall: details?.classRecalls?.[i] ?? null })) ?? null,
    labels: await labelEvidence(context, run, stored.at(-1) ?? null),
    trainImages: trainImages(config, classes),
    loaderWaitShare: config === null ? null : signals.loaderWaitShare,
    gradientNorm: signals.gradientNorm,
    outOfMemoryRecoveries: notices.filter(({ kind }) => kind === "OUT_OF_MEMORY").length,
    divergences: notices.filter(({ kind }) => kind === "DIVERGED").length,
    memory,
    precisions: ["FP32"],
    trainSeconds: run.startedAt && run.finishedAt ? (run.finishedAt.getTime() - run.startedAt.getTime()) / 1_000 : null,
    smallerNetwork: smaller,
  };
}

/** Nobody knows how many images are behind the accuracies: the gap is advised on as it is shown, as an estimate. */
function withoutInterval(gap: GapAssessment): RunEvidence["gap"] {
  return { ...gap, accuracy: gap.accuracy && { estimate: gap.accuracy.estimate, low: null, high: null } };
}

/** The config of a run that can be started again from here. */
export function trainedConfig(run: Run): TrainingConfig | null {
  if (run.origin !== "TRAINED_HERE" || run.architecture === null || !isArchitectureId(run.architecture)) return null;
  return storedTrainingConfig(run.config as unknown as TrainingConfig);
}

async function classesOf(context: Context, run: Run): Promise<Omit<ClassEvidence, "recall">[] | null> {
  const dataset = run.datasetId ? await context.load(datasetById).load(run.datasetId) : null;
  return dataset?.status === "READY" ? dataset.classes.map(({ name, train, val }) => ({ name, train, val })) : null;
}

function trainImages(config: TrainingConfig | null, classes: { train: number }[] | null): number | null {
  if (classes === null) return null;
  const available = classes.reduce((sum, { train }) => sum + train, 0);
  return Math.min(available, config?.trainImages ?? available);
}

async function memoryOf(context: Context, run: Run): Promise<RunEvidence["memory"]> {
  const [passport, jobs] = await Promise.all([passportOf(context, run), context.load(jobsOfRun).load(run.id)]);
  const workerId = jobs.at(-1)?.workerId;
  const worker = workerId ? await context.load(workerById).load(workerId) : null;
  const neededBytes = run.measuredMemoryBytes ?? passport?.predictedMemoryBytes;
  return neededBytes && worker?.memoryBytes ? { neededBytes, availableBytes: worker.memoryBytes } : null;
}

async function detailsOf(context: Context, run: Run, { arrival }: StoredEvaluation) {
  return (await context.load(detailsOfEvaluation).load({ run, arrival })).val;
}
