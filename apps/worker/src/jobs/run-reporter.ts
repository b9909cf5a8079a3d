import type { CheckpointedEvent, FinishedEvent, StartedEvent, TrainingEvent } from "@residual/model";
import { estimateMemory, type TrainingConfig } from "@residual/shared";
import type { MetricValues, MetricWriter } from "../metric-writer.js";
import { beginJob, commitCheckpoint, type JobEnd, logEvaluation } from "../operations.js";
import type { ReportQueue } from "../report-queue.js";
import { SystemMetrics } from "../system/system-metrics.js";
import { evaluationRow } from "./evaluation-row.js";
import type { JobContext } from "./job-context.js";
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
    private readonly config: TrainingConfig,
    private readonly context: JobContext,
    private readonly writer: MetricWriter,
    private readonly reports: ReportQueue,
  ) {
    this.progress = new TrainingProgress(context.lease, config.evalEvery, config.epochs);
    this.system = new SystemMetrics(context.gpu, (values) => this.sampled(values));
  }

  close(): void {
    this.system.close();
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
        this.stepped(event.resumedFromStep);
        return this.begin(event);
      case "step":
        this.progress.stepped(event, this.started!.batchSize);
        this.stepped(event.step);
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
    if (reason === "paused") return { status: "QUEUED", energyWattHours: this.system.wattHours };
    return {
      status: "DONE",
      stopped: reason === "stopped",
      measuredImagesPerSecond: imagesPerSecond,
      measuredMemoryBytes: peakMemoryBytes,
      energyWattHours: this.system.wattHours,
    };
  }

  private stepped(step: number): void {
    this.step = step;
    this.context.standsAt({ resumedFrom: this.started!.resumedFromStep, step });
  }

  /** At one step a series has one point. */
  private sampled(values: MetricValues): void {
    if (this.step === this.sampledStep) return;
    this.sampledStep = this.step;
    this.writer.log(this.step, Date.now(), values);
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
