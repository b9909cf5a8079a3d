import {
  type ClassEvidence,
  type Evaluation,
  type EvaluationEvidence,
  isArchitectureId,
  type RunEvidence,
  storedTrainingConfig,
  type TrainingConfig,
} from "@residual/shared";
import type { Context } from "../../context.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { detailsOfEvaluation, evaluationsOfRun, seriesEvaluationsOfRun } from "../evaluation/evaluation.loader.js";
import type { SeriesEvaluations } from "../evaluation/evaluations-from-series.js";
import type { StoredEvaluation } from "../evaluation/read-evaluations.js";
import { runGap } from "../evaluation/run-gap.js";
import { jobsOfRun, noticesOfRun } from "../job/job.loader.js";
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
  const last = stored.at(-1) ?? null;
  const [fromSeries, details, labels, gap] = await Promise.all([
    last ? null : context.load(seriesEvaluationsOfRun).load(run),
    last && detailsOf(context, run, last),
    labelEvidence(context, run, last),
    runGap(context, run),
  ]);
  const logged = stored.length > 0 ? stored : fromSeries ? accuraciesOf(fromSeries) : [];
  const evaluations = logged.map(
    (evaluation, i, all): EvaluationEvidence => ({
      ...evaluation,
      trainRunningAccuracy: signals.runningAccuracy(all[i - 1]?.step ?? 0, evaluation.step),
      valCalibrationError: i === all.length - 1 ? (details?.expectedCalibrationError ?? null) : null,
    }),
  );
  return {
    config,
    status: run.status,
    failure: run.status === "FAILED" ? (run.failureCause ?? "OTHER") : null,
    evaluations,
    gap,
    classes: classes?.map((one, i) => ({ ...one, recall: details?.classRecalls?.[i] ?? null })) ?? null,
    labels,
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

/** Another score says nothing of how many images are right: the rules about accuracies leave such evaluations alone, as they do empty splits. */
function accuraciesOf({ evaluations, measure }: SeriesEvaluations): Evaluation[] {
  if (measure !== "SCORE") return evaluations;
  const uncounted = { examples: 0, correct: 0 };
  return evaluations.map((one) => ({
    ...one,
    train: { ...one.train, ...uncounted },
    val: { ...one.val, ...uncounted },
  }));
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
