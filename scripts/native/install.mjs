import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { step } from "../start/progress.mjs";
import { download } from "./download.mjs";
import { NativeError } from "./native-error.mjs";
import { tensorFlowVersion } from "./plan.mjs";
import { unpack } from "./unpack.mjs";

/** `library` is where packages/model looks last; `downloads` holds wheels while they are fetched. */
export function cacheFolders(environment = process.env) {
  const cache = path.join(environment.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "residual");
  return { cache, library: path.join(cache, "tensorflow"), downloads: path.join(cache, "downloads") };
}

/** What is installed, `{ version, kind }`, or undefined. */
export function installed({ library }) {
  const record = path.join(library, "native.json");
  return existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : undefined;
}

/** Fetches, checks and unpacks what the plan lists. The library's folder appears whole, or stays as it was. */
export async function install(plan, kind, { cache, library, downloads }) {
  await mkdir(downloads, { recursive: true });
  await requireSpace(cache, plan.downloadBytes + plan.unpackedBytes);
  const fresh = `${library}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  try {
    for (const wheel of plan.wheels) {
      const file = path.join(downloads, wheel.filename);
      await step(`fetching ${wheel.filename}`, (progress) =>
        download(wheel, file, (bytes) => progress(`${megabytes(bytes)} of ${megabytes(wheel.size)}`)),
      );
      await step(`unpacking ${wheel.filename}`, (progress) => unpack(file, wheel.entries, fresh, progress));
      await rm(file);
    }
    const record = {
      version: tensorFlowVersion,
      kind,
      wheels: plan.wheels.map(({ filename, sha256 }) => ({ filename, sha256 })),
    };
    await writeFile(path.join(fresh, "native.json"), `${JSON.stringify(record, null, 2)}\n`);
    await replace(library, fresh);
    await rm(downloads, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (error.code !== "ENOSPC") throw error;
    throw new NativeError(
      `The disk of ${cache} is full. Free ${megabytes(plan.unpackedBytes)} and run the command again; what was fetched is kept.`,
    );
  }
}

/** Deletes the library and what is left of downloads; says how it went. */
export async function remove({ library, downloads }) {
  const existed = existsSync(library) || existsSync(downloads);
  await rm(library, { recursive: true, force: true });
  await rm(downloads, { recursive: true, force: true });
  return existed;
}

/** A running worker keeps the old library's files open; only their names go. */
async function replace(library, fresh) {
  const old = `${library}.old-${process.pid}`;
  if (existsSync(library)) await rename(library, old);
  await rename(fresh, library);
  await rm(old, { recursive: true, force: true });
}

async function requireSpace(folder, bytes) {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new NativeError(
    `${folder} has ${megabytes(bavail * bsize)} free, but ${megabytes(bytes)} are needed. Free some, or name another folder in XDG_CACHE_HOME.`,
  );
}

export const megabytes = (bytes) => `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`;
