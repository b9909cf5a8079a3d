import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/**
 * The Postgres that runs on a cluster, by its postmaster.pid (line 1: pid, 4: port, 8: state), or null.
 * A file left by a killed Postgres whose pid now belongs to some other program is removed: Postgres itself would
 * refuse to start beside it.
 */
export function findPostmaster(clusterDir: string): Postmaster | null {
  const file = join(clusterDir, "postmaster.pid");
  let lines: string[];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  if (!isPostmasterOf(pid, clusterDir)) {
    rmSync(file, { force: true });
    return null;
  }
  const port = Number(lines[3]);
  return port > 0 ? { pid, port, ready: (lines[7] ?? "").trim() === "ready" } : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isPostmasterOf(pid: number, clusterDir: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return argv.includes(clusterDir);
  } catch {
    return true;
  }
}

/** Resolves when Postgres accepts connections: after a crash it first replays its log, which may take a while. */
export async function untilReady(clusterDir: string, pid: number, failure: () => string | null): Promise<Postmaster> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const postmaster = findPostmaster(clusterDir);
    if (postmaster?.ready && postmaster.pid === pid) return postmaster;
    const reason = failure() ?? (performance.now() > deadline ? "it was not ready within 180 s" : null);
    if (reason) throw new Error(`The embedded Postgres did not start: ${reason}`);
    await delay(20);
  }
}

/** Fast shutdown (SIGINT: sessions end, a checkpoint is written); after 30 s an immediate one, which the next start recovers from. */
export async function stopPostmaster(pid: number): Promise<void> {
  signal(pid, "SIGINT");
  const deadline = performance.now() + 30_000;
  while (isAlive(pid)) {
    if (performance.now() > deadline) signal(pid, "SIGQUIT");
    await delay(20);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
