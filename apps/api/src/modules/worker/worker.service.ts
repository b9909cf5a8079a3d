import type { DataSource } from "typeorm";
import { newId } from "../../ids.js";
import { cleanText } from "../../input-text.js";
import { checkPrice } from "../../money.js";
import { doctorReport } from "./doctor-report.js";
import { Worker } from "./worker.entity.js";
import type { RegisterWorkerInput } from "./worker.input.js";

/** A worker that was silent for longer is taken for gone. It is heard at least every lease quarter, idle or not. */
const onlineSeconds = 30;

/** Enters a worker, or the same one (host and name) started again. */
export async function registerWorker(db: DataSource, input: RegisterWorkerInput): Promise<Worker> {
  const text = (field: "name" | "host" | "backend" | "device" | "version") =>
    cleanText(field, input[field], { min: 1 });
  const [row] = await db.query(
    `INSERT INTO worker (id, name, host, backend, device, version, gigaflops, memory_bytes, threads, executors, doctor,
       hourly_rate)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (host, name) DO UPDATE SET
       (backend, device, version, gigaflops, memory_bytes, threads, executors, doctor, hourly_rate, started_at,
        last_seen_at) =
       (excluded.backend, excluded.device, excluded.version, excluded.gigaflops, excluded.memory_bytes, excluded.threads,
        excluded.executors, excluded.doctor, excluded.hourly_rate, now(), now())
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
    ],
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

export function isOnline(worker: Worker, now = Date.now()): boolean {
  return now - worker.lastSeenAt.getTime() < onlineSeconds * 1_000;
}
