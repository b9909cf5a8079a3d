import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { type DoctorCheck, type Message, sayDoctor } from "@residual/shared";
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
  const check = (ok: boolean, finding: Message, advice?: Message): DoctorCheck => ({
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
    const values = { folder, free: gibibytes(free), speed: Math.round(speed / 1e6) };
    const finding = sayDoctor("doctor.disk.speed", values);
    if (free < LEAST_FREE) return check(false, finding, sayDoctor("doctor.disk.full", {}));
    if (speed < LEAST_SPEED) return check(false, finding, sayDoctor("doctor.disk.slow", {}));
    return check(true, finding);
  } catch (error) {
    const finding = sayDoctor("doctor.disk.unwritable", { folder, reason: (error as Error).message });
    return check(false, finding, sayDoctor("doctor.disk.makeWritable", {}));
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
