import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { accessTo } from "../../access.js";
import type { Context } from "../../context.js";
import { shareGrant } from "../../viewer.js";
import { Dataset } from "../dataset/dataset.entity.js";
import { datasetById } from "../dataset/dataset.loader.js";
import { Run } from "../run/run.entity.js";
import { loadRun } from "../run/run.loader.js";
import { Worker } from "../worker/worker.entity.js";
import { workerById } from "../worker/worker.loader.js";
import { Checkpoint } from "./checkpoint.entity.js";
import { Job } from "./job.entity.js";
import { checkpointsOfRun, jobOfWorker, jobsOfRun, noticesOfRun } from "./job.loader.js";
import { RunNotice } from "./run-notice.type.js";

@Resolver(() => Job)
export class JobResolver {
  @FieldResolver(() => Run, { nullable: true })
  run(@Root() job: Job, @Ctx() context: Context): Promise<Run> | null {
    return job.runId ? loadRun(context, job.runId) : null;
  }

  @FieldResolver(() => Dataset, { nullable: true })
  dataset(@Root() job: Job, @Ctx() context: Context): Promise<Dataset | null> {
    return context.load(datasetById).load(job.datasetId);
  }

  @FieldResolver(() => Worker, { nullable: true })
  worker(@Root() job: Job, @Ctx() context: Context): Promise<Worker | null> | null {
    return job.workerId ? context.load(workerById).load(job.workerId) : null;
  }
}

@Resolver(() => Worker)
export class WorkerJobResolver {
  @FieldResolver(() => Job, { nullable: true })
  async currentJob(@Root() worker: Worker, @Ctx() context: Context): Promise<Job | null> {
    const job = await context.load(jobOfWorker).load(worker.id);
    return job && accessTo(context.viewer, job.projectId) ? job : null;
  }
}

/** Who trained a run, where its files lie and which images troubled it is not for who only has a link. */
@Resolver(() => Run)
export class RunJobsResolver {
  @FieldResolver(() => [Job])
  async jobs(@Root() run: Run, @Ctx() context: Context): Promise<Job[]> {
    return shareGrant(context.viewer) ? [] : context.load(jobsOfRun).load(run.id);
  }

  @FieldResolver(() => [Checkpoint])
  async checkpoints(@Root() run: Run, @Ctx() context: Context): Promise<Checkpoint[]> {
    return shareGrant(context.viewer) ? [] : context.load(checkpointsOfRun).load(run.id);
  }

  @FieldResolver(() => [RunNotice])
  async notices(@Root() run: Run, @Ctx() context: Context): Promise<RunNotice[]> {
    return shareGrant(context.viewer) ? [] : context.load(noticesOfRun).load(run.id);
  }
}
