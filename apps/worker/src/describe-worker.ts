import { readFileSync } from "node:fs";
import { arch, cpus, hostname, platform, totalmem } from "node:os";
import type { ExecutorReport, Money, WorkerDescription } from "./operations.js";
import type { ExecutorChoice } from "./probe/probe-executor.js";
import type { Slot } from "./slots.js";

/** What the API and the dashboard are told about this worker. Every speed was measured on this machine when the worker started. */
export function describeWorker({ name, choice, gpu }: Slot, hourlyRate: Money | null): WorkerDescription {
  const { chosen } = choice;
  return {
    name,
    host: hostname(),
    backend: chosen.name,
    device: chosen.device,
    gigaflops: chosen.gigaflops,
    memoryBytes: gpu?.memoryBytes ?? availableMemory(),
    threads: chosen.threads,
    version: workerVersion(),
    executors: reportExecutors(choice),
    hourlyRate,
  };
}

function reportExecutors({ chosen, probed }: ExecutorChoice): ExecutorReport[] {
  return probed.map((executor) => {
    const { name, available } = executor;
    const isChosen = executor === chosen;
    if (!available) return { name, available, chosen: isChosen, gigaflops: null, detail: executor.reason };
    const reason = isChosen ? "chosen" : `not needed: ${chosen.name} is preferred`;
    return {
      name,
      available,
      chosen: isChosen,
      gigaflops: executor.gigaflops,
      detail: `${executor.device}; ${reason}`,
    };
  });
}

/** Facts that are stored with every run, so that two runs can be told apart by where they were trained. */
export function environmentOf(description: WorkerDescription): Record<string, string | number> {
  return {
    host: description.host,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model ?? "unknown",
    memoryBytes: description.memoryBytes,
    node: process.version,
    worker: description.version,
    executor: description.backend,
    device: description.device,
    threads: description.threads,
    gigaflops: description.gigaflops,
  };
}

/** A container's limit where there is one: the machine's memory is then not ours. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

export function workerVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
