import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStart } from "../process-start.js";

/** A holder on another machine, whose processes cannot be looked at, must have shown a sign of life within this time. */
const SIGN_OF_LIFE_MS = 15_000;
const SILENT_MS = 120_000;

/** The hold of one process on a spool's folder. */
export interface SpoolLock {
  release(): void;
}

/** Takes the lock of a folder; undefined where a living process holds it. That of a dead process is taken over. */
export function lockSpool(folder: string): SpoolLock | undefined {
  const file = join(folder, "lock");
  if (isHeld(file)) return undefined;
  rmSync(file, { force: true });
  try {
    writeFileSync(file, JSON.stringify({ host: hostname(), pid: process.pid, start: processStart(process.pid) }), {
      flag: "wx",
    });
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Without space or folder there is nothing to show; the lock then lapses for other machines, no sooner.
    }
  }, SIGN_OF_LIFE_MS).unref();
  return {
    release() {
      clearInterval(timer);
      rmSync(file, { force: true });
    },
  };
}

function isHeld(file: string): boolean {
  let holder: { host?: string; pid?: number; start?: string };
  let age: number;
  try {
    holder = JSON.parse(readFileSync(file, "utf8")) as typeof holder;
    age = Date.now() - statSync(file).mtimeMs;
  } catch {
    // None, or one that was being written when its process died.
    return false;
  }
  if (holder.host !== hostname()) return age < SILENT_MS;
  return processStart(Number(holder.pid)) === holder.start;
}
