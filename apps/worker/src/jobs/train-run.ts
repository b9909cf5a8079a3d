import { randomUUID } from "node:crypto";
import { join } from "node:path";
import {
  type CheckpointedEvent,
  DatasetError,
  type FinishedEvent,
  type ImageFolderScan,
  type StartedEvent,
  type TrainingEvent,
  type TrainingRequest,
  train,
} from "@residual/model";
import { estimateMemory, storedTrainingConfig, type TrainingConfig } from "@residual/shared";
import { MetricSpool } from "../metric-spool.js";
import { MetricWriter } from "../metric-writer.js";
import { beginJob, type ClaimedJob, commitCheckpoint, type JobEnd, logEvaluation } from "../operations.js";
import { ReportQueue } from "../report-queue.js";
import { chooseCheckpoint } from "./choose-checkpoint.js";
import { evaluationRow } from "./evaluation-row.js";
import type { JobContext } from "./job-context.js";
import { scanWithProgress } from "./scan-dataset.js";
import { findScan } from "./scan-file.js";
import { metricsOfEvaluation, metricsOfStep } from "./training-metrics.js";
import { TrainingProgress } from "./training-progress.js";

/**
 * Trains a run from its last good checkpoint or from the start, and tells the API everything on the way. Points of a run go to disk first;
 * a checkpoint is committed only after all that was logged before it, so that whoever resumes from it finds the run complete up to there.
 */
export async function trainRun(
  claimed: ClaimedJob,
  run: NonNullable<ClaimedJob["run"]>,
  context: JobContext,
): Promise<JobEnd> {
  const { api, lease, log, folders, shutdown, signal } = context;
  const config = storedTrainingConfig(run.config);
  const [executor, dataset, checkpoint] = await Promise.all([
    context.executor(),
    datasetOf(claimed, context),
    chooseCheckpoint(claimed, log),
  ]);

  const owner = { run: run.id, writer: randomUUID(), leaseGeneration: lease.leaseGeneration };
  const spool = MetricSpool.create(join(folders.spools, `${run.id}-${owner.writer}`), owner);
  const fail = (error: Error) => lease.lose(error);
  const writer = new MetricWriter(spool, api, fail, signal);
  const reports = new ReportQueue(fail);
  const reporter = new RunReporter(run.id, config, context, writer, reports);
  try {
    const events = train({
      executor,
      architecture: context.architecture(config.architecture),
      config,
      dataset,
      checkpointFolder: join(folders.checkpoints, run.id),
      cacheFolder: folders.pixels,
      resumeFrom: checkpoint?.path,
      isProtected: (path) => reporter.isCommitted(path) || path === checkpoint?.path,
      request: (): TrainingRequest => (shutdown.aborted ? "pause" : lease.request),
      onPhase: (phase, done, total) => reporter.progress.entered(phase, done, total),
      signal,
    });
    for await (const event of events) await reporter.report(event);
    await reports.flush();
    await writer.flush();
    await spool.remove();
    return reporter.end();
  } catch (error) {
    // What was logged stays on disk; the next process of this worker sends it as long as nobody has claimed the job anew.
    try {
      writer.cut();
    } catch (problem) {
      log.warn("the last metrics could not be kept", { reason: (problem as Error).message });
    }
    spool.close();
    throw error;
  }
}

/** The images and their split as the dataset's scan found them. Throws a DatasetError when the folder holds others now. */
async function datasetOf(claimed: ClaimedJob, context: JobContext): Promise<ImageFolderScan> {
  const { dataset, splitOptions } = claimed;
  const kept = await findScan(context.folders.scans, dataset, splitOptions);
  if (kept) return kept;
  const scan = await scanWithProgress(claimed, context);
  if (dataset.contentHash !== null && scan.contentHash !== dataset.contentHash) {
    throw new DatasetError(
      `The folder ${dataset.path} holds other images than when the dataset "${dataset.name}" was scanned. Scan it again, then start the run anew.`,
    );
  }
  return scan;
}

/** Takes what a run tells to the API. */
class RunReporter {
  readonly progress: TrainingProgress;
  private started: StartedEvent | undefined;
  private finished: FinishedEvent | undefined;
  private committed: string | undefined;

  constructor(
    private readonly run: string,
    private readonly config: TrainingConfig,
    private readonly context: JobContext,
    private readonly writer: MetricWriter,
    private readonly reports: ReportQueue,
  ) {
    this.progress = new TrainingProgress(context.lease, config.evalEvery, config.epochs);
  }

  isCommitted(path: string): boolean {
    return path === this.committed;
  }

  async report(event: TrainingEvent): Promise<void> {
    const { log } = this.context;
    switch (event.type) {
      case "started":
        this.started = event;
        this.progress.begin(event);
        this.context.standsAt({ resumedFrom: event.resumedFromStep, step: event.resumedFromStep });
        return this.begin(event);
      case "step":
        this.progress.stepped(event, this.started!.batchSize);
        this.context.standsAt({ resumedFrom: this.started!.resumedFromStep, step: event.step });
        return this.writer.log(event.step, Date.now(), metricsOfStep(event));
      case "evaluated": {
        this.writer.log(event.step, Date.now(), metricsOfEvaluation(event));
        const row = evaluationRow(event, this.run, this.context.lease.leaseGeneration, this.started!.classes);
        this.reports.add(async () => {
          await this.context.api.request(logEvaluation, { input: row }, this.context.signal);
        });
        const { train, val } = event;
        log.info("evaluated", {
          epoch: event.epoch,
          train: train.correct / train.examples,
          val: val.correct / val.examples,
        });
        return;
      }
      case "checkpointed":
        return this.reports.add(() => this.commit(event));
      case "finished":
        this.finished = event;
        log.info(event.reason, { step: event.step, epoch: event.epoch, imagesPerSecond: event.imagesPerSecond });
    }
  }

  end(): JobEnd {
    if (!this.finished) throw new Error("training ended without saying how");
    const { reason, imagesPerSecond, peakMemoryBytes } = this.finished;
    if (reason === "paused") return { status: "QUEUED" };
    return {
      status: "DONE",
      stopped: reason === "stopped",
      measuredImagesPerSecond: imagesPerSecond,
      measuredMemoryBytes: peakMemoryBytes,
    };
  }

  private async begin(event: StartedEvent): Promise<void> {
    const { api, lease, environment, log, signal } = this.context;
    const { parameters, macs, imageSize, classes, checkpointBytes, resumedFromStep } = event;
    const predictedMemoryBytes = estimateMemory(this.config, classes);
    const passport = { parameters, macs, imageSize, classes, checkpointBytes, predictedMemoryBytes };
    const { job, leaseGeneration } = lease;
    await api.request(beginJob, { input: { job, leaseGeneration, resumedFromStep, environment, passport } }, signal);
    log.info(resumedFromStep > 0 ? "resumed" : "started", {
      step: resumedFromStep,
      steps: event.totalSteps,
      images: event.trainExamples,
      parameters,
    });
  }

  private async commit({ step, epoch, path, sha256, bytes }: CheckpointedEvent): Promise<void> {
    const { api, lease, signal } = this.context;
    await this.writer.flush();
    const { job, leaseGeneration } = lease;
    const input = { job, leaseGeneration, step, epoch: Math.floor(epoch), path, sha256, bytes };
    await api.request(commitCheckpoint, { input }, signal);
    this.committed = path;
  }
}
