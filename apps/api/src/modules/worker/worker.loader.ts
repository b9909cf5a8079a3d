import DataLoader from "dataloader";
import { In } from "typeorm";
import type { Context } from "../../context.js";
import { notFound } from "../../errors.js";
import { Worker } from "./worker.entity.js";

export function workerById({ db }: Context): DataLoader<string, Worker | null> {
  return new DataLoader(async (ids) => {
    const workers = await db.getRepository(Worker).findBy({ id: In([...ids]) });
    const byId = new Map(workers.map((worker) => [worker.id, worker]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The worker with this id; NOT_FOUND where there is none, and for share links. */
export async function loadWorker(context: Context, id: string): Promise<Worker> {
  const worker = context.viewer?.kind === "SHARE_LINK" ? null : await context.load(workerById).load(id);
  if (!worker) throw notFound("worker", id);
  return worker;
}
