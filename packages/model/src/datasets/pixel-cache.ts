import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

const EXTENSION = ".pixels";
const LIMIT_BYTES = 20 * 1024 ** 3;

/** Where the shard of a set of images lies. `identity` must differ for other images or another order. */
export function shardPath(folder: string, identity: string, imageSize: number): string {
  return join(folder, `${identity}-${imageSize}${EXTENSION}`);
}

/** Marks a shard as used now. */
export async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

/** Makes the folder, and removes the shards that were not used for longest until `bytes` more fit below the limit. */
export async function makeRoom(folder: string, bytes: number, limitBytes = LIMIT_BYTES): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shards: { path: string; size: number; used: number }[] = [];
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(EXTENSION))) {
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    shards.push({ path, size, used: mtimeMs });
  }
  let total = bytes + shards.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of shards.sort((a, b) => a.used - b.used)) {
    if (total <= limitBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}
