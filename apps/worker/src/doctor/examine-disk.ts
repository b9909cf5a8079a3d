import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DoctorCheck } from "@residual/shared";
import { gibibytes } from "./examine-machine.js";

/** A ResNet-101 with AdamW takes 0.5 GB, and three checkpoints lie side by side. */
const LEAST_FREE = 2 * 2 ** 30;
/** Below this a checkpoint of a ViT-L takes minutes. */
const LEAST_SPEED = 20e6;
const CHUNK = Buffer.alloc(8 * 2 ** 20, 0x5a);
const CHUNKS = 4;

/** Writes 32 MiB into the folder of data and syncs them, as a checkpoint does. */
export function examineDisk(dataFolder: string): DoctorCheck {
  const folder = resolve(dataFolder);
  const check = (ok: boolean, finding: string, advice?: string): DoctorCheck => ({
    subject: "DISK",
    ok,
    finding,
    ...(advice ? { advice } : {}),
  });
  try {
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const speed = writeSpeed(join(folder, `doctor-${process.pid}.tmp`));
    const finding = `${folder}: ${gibibytes(free)} free, ${Math.round(speed / 1e6)} MB/s written and synced.`;
    if (free < LEAST_FREE)
      return check(false, finding, "Checkpoints need more: free some space, or set RESIDUAL_DATA to a larger disk.");
    if (speed < LEAST_SPEED)
      return check(false, finding, "Checkpoints would take minutes: set RESIDUAL_DATA to a faster disk.");
    return check(true, finding);
  } catch (error) {
    const advice = "Make the folder writable for this user, free some space, or set RESIDUAL_DATA to another one.";
    return check(false, `${folder} cannot be written: ${(error as Error).message}.`, advice);
  }
}

/** Bytes a second. */
function writeSpeed(path: string): number {
  const file = openSync(path, "w");
  try {
    // Without a name it vanishes with this process, also when that is killed.
    rmSync(path);
    const begun = performance.now();
    for (let i = 0; i < CHUNKS; i++) {
      for (let done = 0; done < CHUNK.length; ) done += writeSync(file, CHUNK, done);
    }
    fsyncSync(file);
    return (1000 * CHUNK.length * CHUNKS) / (performance.now() - begun);
  } finally {
    closeSync(file);
  }
}
