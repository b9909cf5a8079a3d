import { mkdir, readdir, rm, stat, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";

const EXTENSION = ".pixels";
const LIMIT_BYTES = 20 * 1024 ** 3;

/** Of what is free on the disk, for the cache: the rest is for checkpoints and everyone else. */
const SHARE_OF_DISK = 0.7;

/** A file that is being written is touched far more often; one that was left by a process that died is not. */
const ABANDONED_AFTER_MS = 3_600_000;

/** Where the decoded images of a set lie. `identity` must differ for other images, another order or another way to resize. */
export function pixelFilePath(folder: string, identity: string, imageSize: number): string {
  return join(folder, `${identity}-${imageSize}${EXTENSION}`);
}

/** Marks a file as used now. */
export async function touch(path: string): Promise<void> {
  const now = new Date();
  // Another process may have made room, or the disk may be read-only: the open file can be read all the same.
  await utimes(path, now, now).catch(() => {});
}

/** Bytes that the cache may grow to: 20 GiB, or less on a small disk. Makes the folder. */
export async function cacheLimit(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const used = (await cachedFiles(folder)).reduce((sum, { size }) => sum + size, 0);
  return Math.min(LIMIT_BYTES, used + bavail * bsize * SHARE_OF_DISK);
}

/**
 * Makes the folder, and removes what processes that died left half written, and the files that were not used for longest until `bytes`
 * more fit below the limit.
 */
export async function makeRoom(folder: string, bytes: number, limitBytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, used } of await cachedFiles(folder, ".tmp")) {
    if (Date.now() - used > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
  const files = await cachedFiles(folder);
  let total = bytes + files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
    if (total <= limitBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}

/** Whether the file system has no room, or no place where this process may write. */
export function isLackOfRoom(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EFBIG"].includes(code ?? "");
}

async function cachedFiles(
  folder: string,
  ending = EXTENSION,
): Promise<{ path: string; size: number; used: number }[]> {
  const files: { path: string; size: number; used: number }[] = [];
  for (const name of (await readdir(folder)).filter((name) => name.includes(EXTENSION) && name.endsWith(ending))) {
    const path = join(folder, name);
    // Another process may remove it meanwhile.
    const found = await stat(path).catch(() => undefined);
    if (found) files.push({ path, size: found.size, used: found.mtimeMs });
  }
  return files;
}
