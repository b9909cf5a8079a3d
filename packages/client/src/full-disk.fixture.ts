import { spawnSync } from "node:child_process";

/**
 * Does `work` while no file of this process may grow beyond `bytes`: the kernel refuses every write as it does on a full disk (EFBIG for ENOSPC),
 * without a disk of one's own and the right to mount it.
 */
export async function onFullDisk(work: () => void | Promise<void>, bytes = 0): Promise<void> {
  limitFiles(String(bytes));
  try {
    await work();
  } finally {
    limitFiles("unlimited");
  }
}

function limitFiles(bytes: string): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`prlimit could not limit the size of files: ${String(stderr)}`);
}
