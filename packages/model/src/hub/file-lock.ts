import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** A holder shows every `beat` that it lives; one that has not for `stale` is gone. Milliseconds. */
const beat = 5_000;
const stale = 30_000;
const pause = 250;

/** Does `work` while no other process holds the lock file. A lock whose holder died is taken over after half a minute. */
export async function withFileLock<Result>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  while (!(await acquire(path))) await setTimeout(pause, undefined, { signal });
  const heart = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, beat);
  heart.unref();
  try {
    return await work();
  } finally {
    clearInterval(heart);
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const held = await stat(path).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > stale) await rm(path, { force: true });
    return false;
  }
}
