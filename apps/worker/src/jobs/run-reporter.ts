import type { MetricLogger, MetricValues } from "@residual/client";
import type {
  CheckpointedEvent,
  EvaluatedEvent,
  Executor,
  FinishedEvent,
  NoticeEvent,
  StartedEvent,
  TestedEvent,
  TrainingEvent,
} from "@residual/model";
import { estimateMemory, type TrainingConfig } from "@residual/shared";
import { addRunNotice, beginJob, commitCheckpoint, type JobEnd, logEvaluation, logTestScore } from "../operations.js";
import type { ReportQueue } from "../report-queue.js";
import { SystemMetrics } from "../system/system-metrics.js";
import { evaluationRow, testScoreRow } from "./evaluation-row.js";
import type { JobContext } from "./job-context.js";
import { measureInference } from "./measure-inference.js";
import { metricsOfEvaluation, metricsOfStep } from "./training-metrics.js";
import { TrainingProgress } from "./training-progress.js";

/** Takes what a run tells to the API. */
export class RunReporter {
  readonly progress: TrainingProgress;
  private started: StartedEvent | undefined;
  private finished: FinishedEvent | undefined;
  private committed: string | undefined;
  private readonly system: SystemMetrics;
  private step = 0;
  private sampledStep = 0;

  constructor(
    private readonly run: string,
    config: TrainingConfig,
    private readonly context: JobContext,
    private readonly metrics: MetricLogger,
    private readonly reports: ReportQueue,
  ) {
    this.progress = new TrainingProgress(context.lease, config);
    this.system = new SystemMetrics(context.gpu?.uuid ?? null, (values) => this.sampled(values));
  }

  close(): void {
    this.system.close();
  }

  isCommitted(path: string): boolean {
    return path === this.committed;
  }

  async report(event: TrainingEvent): Promise<void> {
    switch (event.type) {
      case "started":
        this.started = event;
        this.progress.begin(event);
        this.stepped(event.resumedFromStep);
        return this.begin(event);
      case "step":
        this.progress.stepped(event, this.started!.batchSize);
        this.stepped(event.step);
        // Steps that are done again after a return to a checkpoint are logged again: the later point stands.
        return this.metrics.log(metricsOfStep(event), event.step);
      case "evaluated":
        return this.evaluated(event);
      case "notice":
        return this.noticed(event);
      case "tested":
        return this.tested(event);
      case "checkpointed":
        return this.reports.add(() => this.commit(event));
      case "finished":
        this.finished = event;
        this.context.log.info(event.reason, {
          step: event.step,
          epoch: event.epoch,
          imagesPerSecond: event.imagesPerSecond,
        });
    }
  }

  /** How the job ended; of a run that is over also how fast its network answers, which is measured now. */
  async end(executor: Executor): Promise<JobEnd> {
    const { started, finished, context } = this;
    if (!started || !finished) throw new Error("training ended without saying how");
    const { reason, imagesPerSecond, peakMemoryBytes } = finished;
    context.tell({ kind: "alive", isAtBatches: false });
    if (reason === "paused") return { status: "QUEUED", energyWattHours: this.system.wattHours };
    const architecture = context.architecture(started.config.architecture);
    const signal = AbortSignal.any([context.shutdown, context.signal]);
    const subject = { executor, architecture, started, imagesPerSecond, log: context.log, signal };
    const inference = await measureInference(subject);
    return {
      ...inference,
      status: "DONE",
      stopped: reason === "stopped",
      measuredImagesPerSecond: imagesPerSecond,
      measuredMemoryBytes: peakMemoryBytes,
      energyWattHours: this.system.wattHours,
    };
  }

  private stepped(step: number): void {
    this.step = step;
    this.context.tell({ kind: "stands", resumedFrom: this.started!.resumedFromStep, step });
  }

  /** A series has one point a step, and a long step more than one sample. */
  private sampled(values: MetricValues): void {
    if (this.step === this.sampledStep) return;
    this.sampledStep = this.step;
    this.metrics.log(values, this.step);
  }

  private evaluated(event: EvaluatedEvent): void {
    const { api, lease, log, signal } = this.context;
    this.metrics.log(metricsOfEvaluation(event), event.step);
    const input = evaluationRow(event, this.run, lease.leaseGeneration, this.started!.classes);
    this.reports.add(async () => {
      await api.request(logEvaluation, { input }, signal);
    });
    const { epoch, train, val } = event;
    log.info("evaluated", { epoch, train: train.correct / train.examples, val: val.correct / val.examples });
  }

  private noticed({ step, kind, message }: NoticeEvent): void {
    const { api, lease, log, signal } = this.context;
    const { job, leaseGeneration } = lease;
    log.warn(message.text, { step, kind });
    this.reports.add(async () => {
      await api.request(addRunNotice, { input: { job, leaseGeneration, step, kind, ...message } }, signal);
    });
  }

  private tested(event: TestedEvent): void {
    const { api, lease, log, signal } = this.context;
    const input = testScoreRow(event, this.run, lease.leaseGeneration, this.started!.classes);
    this.reports.add(async () => {
      await api.request(logTestScore, { input }, signal);
    });
    log.info("tested", { step: event.step, test: event.score.correct / event.score.examples });
  }

  private async begin(event: StartedEvent): Promise<void> {
    const { api, lease, environment, log, signal } = this.context;
    const { parameters, macs, imageSize, classes, checkpointBytes, resumedFromStep, initialWeights } = event;
    const predictedMemoryBytes = estimateMemory(event.config, classes, String(environment.executor));
    const passport = { parameters, macs, imageSize, classes, checkpointBytes, predictedMemoryBytes };
    const { job, leaseGeneration } = lease;
    const input = { job, leaseGeneration, resumedFromStep, environment, passport, initialWeights };
    await api.request(beginJob, { input }, signal);
    log.info(resumedFromStep > 0 ? "resumed" : "started", {
      step: resumedFromStep,
      steps: event.totalSteps,
      images: event.trainExamples,
      parameters,
      weights: initialWeights.source,
    });
  }

  private async commit({ step, epoch, path, sha256, bytes }: CheckpointedEvent): Promise<void> {
    const { api, lease, signal } = this.context;
    await this.metrics.flush(signal);
    const { job, leaseGeneration } = lease;
    const input = { job, leaseGeneration, step, epoch: Math.floor(epoch), path, sha256, bytes };
    await api.request(commitCheckpoint, { input }, signal);
    this.committed = path;
  }
}
