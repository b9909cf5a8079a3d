import type { DataSource } from "typeorm";
import { AppError } from "../../errors.js";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPrice } from "../../money.js";
import type { MemberViewer } from "../../viewer.js";
import { doctorReport } from "./doctor-report.js";
import { Worker } from "./worker.entity.js";
import type { RegisterWorkerInput } from "./worker.input.js";

/** A worker that was silent for longer is taken for gone. It is heard at least every lease quarter, idle or not. */
const onlineSeconds = 30;

/**
 * Enters a worker, or the same one (host and name) started again, under the key that says so. CONFLICT where a worker of another project has
 * that name: a key of one project takes over no worker of the others.
 */
export async function registerWorker(
  db: DataSource,
  viewer: MemberViewer,
  input: RegisterWorkerInput,
): Promise<Worker> {
  if (viewer.kind === "USER")
    throw new AppError("FORBIDDEN", "A worker signs in with a key of its own: make one with the scope WORK.");
  const text = (field: "name" | "host" | "backend" | "device" | "version") =>
    cleanText(field, input[field], { min: 1 });
  const [row] = await db.query(
    `INSERT INTO worker (id, name, host, backend, device, version, gigaflops, memory_bytes, threads, executors, doctor,
       hourly_rate, key_id, project_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (host, name) DO UPDATE SET
       (backend, device, version, gigaflops, memory_bytes, threads, executors, doctor, hourly_rate, key_id, started_at,
        last_seen_at) =
       (excluded.backend, excluded.device, excluded.version, excluded.gigaflops, excluded.memory_bytes, excluded.threads,
        excluded.executors, excluded.doctor, excluded.hourly_rate, excluded.key_id, excluded.started_at,
        excluded.last_seen_at)
     WHERE worker.project_id IS NOT DISTINCT FROM excluded.project_id
     RETURNING id`,
    [
      newId("wrk"),
      text("name"),
      text("host"),
      text("backend"),
      text("device"),
      text("version"),
      input.gigaflops,
      input.memoryBytes,
      input.threads,
      JSON.stringify(input.executors),
      doctorReport(input.doctor),
      input.hourlyRate ? JSON.stringify(checkPrice("hourlyRate", input.hourlyRate)) : null,
      viewer.kind === "API_KEY" ? viewer.id : null,
      viewer.projects ? [...viewer.projects.keys()][0]! : null,
    ],
  );
  if (!row)
    throw new AppError(
      "CONFLICT",
      `Another project has a worker ${JSON.stringify(input.name)} on this host. Give this one another name.`,
      { field: "name" },
    );
  return db.getRepository(Worker).findOneByOrFail({ id: row.id });
}

/** Workers seen within the last day, the latest started first. */
export async function listWorkers(db: DataSource): Promise<Worker[]> {
  return db
    .getRepository(Worker)
    .createQueryBuilder("worker")
    .where("worker.lastSeenAt > now() - interval '1 day'")
    .orderBy({ "worker.startedAt": "DESC", "worker.id": "DESC" })
    .getMany();
}

/** Whether a worker may be given a job of this project. */
export function takesJobsOf({ projectId }: Worker, project: string): boolean {
  return projectId === null || projectId === project;
}

export function isOnline(worker: Worker, now = Date.now()): boolean {
  return now - worker.lastSeenAt.getTime() < onlineSeconds * 1_000;
}
