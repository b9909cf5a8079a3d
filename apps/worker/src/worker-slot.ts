import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { processStart } from "@residual/client";

/** One worker's place in a data folder. */
export interface WorkerSlot {
  /** The same after a restart, and no other living worker's on this machine. */
  readonly name: string;
  release(): void;
}

/**
 * Takes the first free place in a data folder. A worker that is started again after it was killed gets its own place back: the API then
 * knows it as the same worker and frees its job at once, and it finds the metrics it had not sent. Workers that run side by side
 * get different places.
 */
export function takeSlot(dataFolder: string): WorkerSlot {
  const folder = join(dataFolder, "workers");
  mkdirSync(folder, { recursive: true });
  // Machines may share a data folder: each has places of its own there.
  const place = createHash("sha256")
    .update(`${hostname()}:${resolve(dataFolder)}`)
    .digest("hex")
    .slice(0, 6);
  for (let number = 1; ; number++) {
    const file = join(folder, `${number}.${place}.lock`);
    if (!isFree(file)) continue;
    try {
      writeFileSync(file, `${process.pid} ${processStart(process.pid)}`, { flag: "wx" });
    } catch (error) {
      // Another worker was faster.
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    return { name: `worker-${number}.${place}`, release: () => rmSync(file, { force: true }) };
  }
}

/** Whether nobody holds the lock; the lock of a dead process is removed. */
function isFree(file: string): boolean {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return true;
  }
  const [pid, start] = content.split(" ");
  if (processStart(Number(pid)) === start) return false;
  rmSync(file, { force: true });
  return true;
}
