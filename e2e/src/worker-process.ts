import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { listProcesses } from "./processes.js";
import { repository, type System } from "./system.js";

export interface WorkerProcess {
  readonly pid: number;
  /** Takes the space of the worker's disk but for `freeBytes`. */
  fillDisk(freeBytes: number): void;
  freeDisk(): void;
  stop(): Promise<void>;
}

/** Whether this user may mount a file system for a process of their own; containers often forbid it. */
function mayMount(): boolean {
  return spawnSync("unshare", [...ownMounts, "true"], { stdio: "ignore" }).status === 0;
}

const ownMounts = ["--user", "--map-root-user", "--mount", "--"];
const mountAndRun = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';

/**
 * A worker of its own beside a system that was started with --no-worker, as another machine would have it. Its data folder is a disk of
 * `diskBytes` (a tmpfs in a mount namespace: nothing outside the worker sees it). Where mounting is forbidden, a full disk is
 * imitated by a limit on the size of files, which the kernel reports from the same write() as EFBIG instead of ENOSPC.
 */
export function startWorker(system: System, key: string, diskBytes: number): WorkerProcess {
  const data = mkdtempSync(path.join(tmpdir(), "residual-worker-"));
  const program = [process.execPath, "--enable-source-maps", path.join(repository, "apps/worker/dist/main.js")];
  const isMounted = mayMount();
  const command = isMounted
    ? ["unshare", ...ownMounts, "sh", "-c", mountAndRun, "sh", String(diskBytes), data, ...program]
    : program;
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, API_URL: system.origin, RESIDUAL_WORKER_KEY: key, RESIDUAL_DATA: data },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const disk = isMounted ? mountedDisk(child, data) : limitedFiles(child);
  return {
    pid: child.pid!,
    ...disk,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await ended;
      }
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The disk is seen through the worker's eyes: /proc/<pid>/root. */
function mountedDisk(child: ChildProcess, data: string): Pick<WorkerProcess, "fillDisk" | "freeDisk"> {
  const folder = `/proc/${child.pid}/root${data}`;
  const ballast = path.join(folder, "ballast");
  return {
    fillDisk: (freeBytes) => {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
      } catch (error) {
        // The worker wrote at the same moment: so much the fuller.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    freeDisk: () => rmSync(ballast, { force: true }),
  };
}

function limitedFiles(child: ChildProcess): Pick<WorkerProcess, "fillDisk" | "freeDisk"> {
  const limitOne = (pid: number, bytes: string) => {
    const { status, stderr } = spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
    if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`);
  };
  // The worker hands its limit on to the processes of later jobs only.
  const limit = (bytes: string) => {
    limitOne(child.pid!, bytes);
    for (const { pid, parent } of listProcesses()) if (parent === child.pid) limitOne(pid, bytes);
  };
  return { fillDisk: (freeBytes) => limit(String(freeBytes)), freeDisk: () => limit("unlimited") };
}
