import DataLoader from "dataloader";
import { In } from "typeorm";
import { checkAccess } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { Checkpoint } from "./checkpoint.entity.js";
import { Job } from "./job.entity.js";
import type { RunNotice } from "./run-notice.type.js";

function jobById({ db }: Context): DataLoader<string, Job | null> {
  return new DataLoader(async (ids) => {
    const jobs = await db.getRepository(Job).findBy({ id: In([...ids]) });
    const byId = new Map(jobs.map((job) => [job.id, job]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The job with this id; NOT_FOUND where there is none that the viewer may see, and for share links. */
export async function loadJob(context: Context, id: string): Promise<Job> {
  const job = context.viewer?.kind === "SHARE_LINK" ? null : await context.load(jobById).load(id);
  if (!job) throw notFound("job", id);
  checkAccess(context, job.projectId, "job", id);
  return job;
}

/** Jobs of a run, in the order in which they were queued. */
export function jobsOfRun({ db }: Context): DataLoader<string, Job[]> {
  return new DataLoader(async (runIds) => {
    const jobs = await db.getRepository(Job).find({ where: { runId: In([...runIds]) }, order: { id: "ASC" } });
    return runIds.map((runId) => jobs.filter((job) => job.runId === runId));
  });
}

/** Checkpoints of a run, the one to resume from first: a later generation went beyond what it resumed from. */
export function checkpointsOfRun({ db }: Context): DataLoader<string, Checkpoint[]> {
  return new DataLoader(async (runIds) => {
    const checkpoints = await db
      .getRepository(Checkpoint)
      .find({ where: { runId: In([...runIds]) }, order: { leaseGeneration: "DESC", step: "DESC" } });
    return runIds.map((runId) => checkpoints.filter((checkpoint) => checkpoint.runId === runId));
  });
}

/** Notices of a run, in the order in which they came. */
export function noticesOfRun({ pool }: Context): DataLoader<string, RunNotice[]> {
  return new DataLoader(async (runIds) => {
    const { rows } = await pool.query<RunNotice & { runId: string }>(
      `SELECT run_id AS "runId", step, kind, message, run_notice.created_at AS "createdAt"
       FROM run_notice JOIN run ON run.dist_key = run_notice.dist_key AND run.id = run_notice.run_id
       WHERE run.id = ANY ($1) ORDER BY number`,
      [runIds],
    );
    return runIds.map((runId) => rows.filter((row) => row.runId === runId));
  });
}

/** The job that a worker holds now. */
export function jobOfWorker({ db }: Context): DataLoader<string, Job | null> {
  return new DataLoader(async (workerIds) => {
    const jobs = await db.getRepository(Job).findBy({ workerId: In([...workerIds]), status: "LEASED" });
    return workerIds.map((workerId) => jobs.find((job) => job.workerId === workerId) ?? null);
  });
}
