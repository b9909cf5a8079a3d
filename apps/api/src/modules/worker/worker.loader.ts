import DataLoader from "dataloader";
import { In } from "typeorm";
import { accessTo } from "../../access.js";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import type { Viewer } from "../../viewer.js";
import { Worker } from "./worker.entity.js";

export function workerById({ db }: Context): DataLoader<string, Worker | null> {
  return new DataLoader(async (ids) => {
    const workers = await db.getRepository(Worker).findBy({ id: In([...ids]) });
    const byId = new Map(workers.map((worker) => [worker.id, worker]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** Whether a viewer may know of a worker: one that takes jobs of all projects serves everybody, another those of its project. */
export function seesWorker(viewer: Viewer | null, { projectId }: Worker): boolean {
  if (!viewer || viewer.kind === "SHARE_LINK") return false;
  return projectId === null || accessTo(viewer, projectId) !== null;
}

/** The worker with this id; NOT_FOUND where there is none that the viewer may see, and for share links. */
export async function loadWorker(context: Context, id: string): Promise<Worker> {
  const worker = await context.load(workerById).load(id);
  if (!worker || !seesWorker(context.viewer, worker)) throw notFound("worker", id);
  return worker;
}
