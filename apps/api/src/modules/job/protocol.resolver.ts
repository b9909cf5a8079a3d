import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { Allow } from "../../allow.js";
import type { Context } from "../../context.js";
import type { RunChange } from "../../live/notice.js";
import type { MemberViewer } from "../../viewer.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { datasetById, loadDataset } from "../dataset/dataset.loader.js";
import { loadRun, runById } from "../run/run.loader.js";
import { Worker } from "../worker/worker.entity.js";
import { RegisterWorkerInput } from "../worker/worker.input.js";
import { registerWorker } from "../worker/worker.service.js";
import { addRunNotice } from "./add-run-notice.js";
import { beginJob } from "./begin-job.js";
import { Checkpoint } from "./checkpoint.entity.js";
import { claimJob } from "./claim-job.js";
import { commitCheckpoint } from "./commit-checkpoint.js";
import { finishJob } from "./finish-job.js";
import { heartbeat } from "./heartbeat.js";
import { Job } from "./job.entity.js";
import {
  BeginJobInput,
  ClaimedJob,
  ClaimJobInput,
  CommitCheckpointInput,
  FinishJobInput,
  Heartbeat,
  HeartbeatInput,
  ReportDatasetScanInput,
} from "./job.input.js";
import { checkpointsOfRun, loadJob } from "./job.loader.js";
import { leaseSeconds } from "./lease.js";
import { checkOwnJob, loadOwnWorker } from "./own-job.js";
import { AddRunNoticeInput, RunNotice } from "./run-notice.type.js";
import { reportDatasetScan } from "./scan-dataset.js";
import { releaseLeases } from "./sweep-leases.js";

/** What workers say, in the order of a job's life. */
@Resolver()
export class ProtocolResolver {
  @Allow("WORK")
  @Mutation(() => Worker, { description: "For workers. The worker's API key must carry the scope WORK." })
  async registerWorker(
    @Arg("input", () => RegisterWorkerInput) input: RegisterWorkerInput,
    @Ctx() context: Context,
  ): Promise<Worker> {
    const worker = await registerWorker(context.db, context.viewer as MemberViewer, input);
    await releaseLeases(context.pool, worker.id);
    return worker;
  }

  @Allow("WORK")
  @Mutation(() => ClaimedJob, { nullable: true })
  async claimJob(
    @Arg("input", () => ClaimJobInput) input: ClaimJobInput,
    @Ctx() context: Context,
  ): Promise<ClaimedJob | null> {
    const { id: workerId, projectId } = await loadOwnWorker(context, input.worker);
    const claim = await claimJob(context.pool, workerId, input.kinds, projectId);
    if (!claim) return null;
    if (claim.run) context.events.runChanged(claim.run, "STATUS");
    return describeClaim(context, claim.jobId);
  }

  @Allow("WORK")
  @Mutation(() => Job)
  async beginJob(@Arg("input", () => BeginJobInput) input: BeginJobInput, @Ctx() context: Context): Promise<Job> {
    await checkOwnJob(context, input.job);
    const { id, runId } = await beginJob(context, input);
    await tell(context, runId, "STATUS");
    if (runId) context.events.metricsStored(runId);
    return loadJob(context, id);
  }

  @Allow("WORK")
  @Mutation(() => Heartbeat)
  async heartbeat(
    @Arg("input", () => HeartbeatInput) input: HeartbeatInput,
    @Ctx() context: Context,
  ): Promise<Heartbeat> {
    await checkOwnJob(context, input.job);
    const { heartbeat: answer, run } = await heartbeat(context.pool, input);
    if (run && input.progress) context.events.runChanged(run, "PROGRESS");
    return answer;
  }

  @Allow("WORK")
  @Mutation(() => Checkpoint)
  async commitCheckpoint(
    @Arg("input", () => CommitCheckpointInput) input: CommitCheckpointInput,
    @Ctx() context: Context,
  ): Promise<Checkpoint> {
    await checkOwnJob(context, input.job);
    return commitCheckpoint(context.pool, context.db, input);
  }

  @Allow("WORK")
  @Mutation(() => RunNotice)
  async addRunNotice(
    @Arg("input", () => AddRunNoticeInput) input: AddRunNoticeInput,
    @Ctx() context: Context,
  ): Promise<RunNotice> {
    await checkOwnJob(context, input.job);
    const { runId, notice, isNew } = await addRunNotice(context.pool, input);
    if (isNew) await tell(context, runId, "NOTICE");
    return notice;
  }

  @Allow("WORK")
  @Mutation(() => Dataset)
  async reportDatasetScan(
    @Arg("input", () => ReportDatasetScanInput) input: ReportDatasetScanInput,
    @Ctx() context: Context,
  ): Promise<Dataset> {
    await checkOwnJob(context, input.job);
    const { datasetId } = await reportDatasetScan(context.pool, input);
    context.load(datasetById).clear(datasetId);
    return loadDataset(context, datasetId);
  }

  @Allow("WORK")
  @Mutation(() => Job)
  async finishJob(@Arg("input", () => FinishJobInput) input: FinishJobInput, @Ctx() context: Context): Promise<Job> {
    await checkOwnJob(context, input.job);
    const { job, changedRuns } = await finishJob(context.pool, input);
    for (const runId of changedRuns) await tell(context, runId, "STATUS");
    return loadJob(context, job.id);
  }
}

async function describeClaim(context: Context, jobId: string): Promise<ClaimedJob> {
  const job = await loadJob(context, jobId);
  const dataset = await loadDataset(context, job.datasetId);
  const [checkpoint] = job.runId ? await context.load(checkpointsOfRun).load(job.runId) : [];
  return {
    job,
    leaseGeneration: job.leaseGeneration,
    leaseSeconds,
    run: job.runId ? await loadRun(context, job.runId) : null,
    dataset,
    splitOptions: {
      valFraction: dataset.valFraction,
      testFraction: dataset.testFraction,
      splitSeed: dataset.splitSeed,
    },
    checkpoint: checkpoint ?? null,
  };
}

async function tell(context: Context, runId: string | null, change: RunChange): Promise<void> {
  if (!runId) return;
  context.load(runById).clear(runId);
  context.events.runChanged(await loadRun(context, runId), change);
}
