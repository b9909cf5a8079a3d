import { readFileSync } from "node:fs";
import { arch, cpus, hostname, platform, totalmem } from "node:os";
import type { ExecutorSelection } from "@residual/model";
import type { WorkerDescription } from "./operations.js";

/** What the API and the dashboard are told about this worker. Every speed was measured on this machine when the worker started. */
export function describeWorker(name: string, { executor, tried }: ExecutorSelection): WorkerDescription {
  const chosen = tried.find((candidate) => candidate.chosen);
  return {
    name,
    host: hostname(),
    backend: executor.name,
    device: executor.device,
    gigaflops: chosen?.gigaflops ?? 0,
    memoryBytes: availableMemory(),
    threads: executor.threads,
    version: version(),
    executors: tried,
  };
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
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
