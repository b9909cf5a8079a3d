import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isDiskFull } from "../weights/is-disk-full.js";
import { HubRefusal, HubUnreachable } from "./hub-error.js";
import { authorisation, type HubFile, reasonOf } from "./hub-file.js";
import type { HubSettings } from "./hub-settings.js";

/** How far a file is. */
export interface DownloadProgress {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface DownloadOptions {
  readonly settings: HubSettings;
  /** For messages. */
  readonly name: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Tries in a row that bring no byte. */
const fruitlessTries = 4;

/**
 * Downloads a file to `blob`, which appears whole and with the right hash or not at all. What an earlier try left in
 * `<blob>.incomplete` is gone on from. Throws a HubUnreachable when the connection fails again and again; what is there stays.
 */
export async function downloadFile(file: HubFile, blob: string, options: DownloadOptions): Promise<void> {
  const incomplete = `${blob}.incomplete`;
  await checkSpace(blob, file.bytes - (await sizeOf(incomplete)), options.name);
  const resumed = (await sizeOf(incomplete)) > 0;
  await fetchRest(file, incomplete, options);
  if (!(await hasRightHash(incomplete, file))) {
    await rm(incomplete, { force: true });
    // The part of an earlier try may be of another file or damaged: once more from the start.
    if (resumed) await fetchRest(file, incomplete, options);
    if (!resumed || !(await hasRightHash(incomplete, file))) {
      await rm(incomplete, { force: true });
      throw new HubRefusal(
        `${options.name} came with another checksum than the Hub announced (${file.etag}); it was not kept. A proxy may have changed it: try again, or download it elsewhere.`,
      );
    }
  }
  await rename(incomplete, blob);
}

async function fetchRest(file: HubFile, incomplete: string, options: DownloadOptions): Promise<void> {
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(incomplete);
    if (before === file.bytes && before > 0) return;
    if (before > file.bytes) await rm(incomplete);
    let reason: string;
    try {
      await fetchOnce(file, incomplete, options);
      if ((await sizeOf(incomplete)) === file.bytes) return;
      reason = "the connection was closed early";
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof HubRefusal) throw error;
      if (isDiskFull(error)) throw noSpace(options.name, incomplete, file.bytes);
      reason = reasonOf(error);
    }
    fruitless = (await sizeOf(incomplete)) > before ? 0 : fruitless + 1;
    if (fruitless >= fruitlessTries) throw new HubUnreachable(`the download of ${options.name} failed: ${reason}`);
    if (fruitless > 1) await setTimeout(500 * 2 ** fruitless, undefined, { signal: options.signal });
  }
}

/** One connection's worth, appended to what is there. */
async function fetchOnce(file: HubFile, incomplete: string, options: DownloadOptions): Promise<void> {
  const { settings, name, signal, onProgress } = options;
  const begin = await sizeOf(incomplete);
  const stalled = new AbortController();
  const watch = () =>
    globalThis.setTimeout(() => {
      stalled.abort(new Error(`no byte came for ${settings.stallTimeout / 1000} s`));
    }, settings.stallTimeout);
  let timer = watch();
  try {
    const response = await fetch(file.url, {
      headers: {
        "accept-encoding": "identity",
        ...authorisation(file.url, settings),
        ...(begin > 0 ? { range: `bytes=${begin}-` } : {}),
      },
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (response.status === 401 || response.status === 403) {
      throw new HubRefusal(
        `${name} may not be downloaded (${response.status}). Set HF_TOKEN to a token that may read it.`,
      );
    }
    if (!response.ok || !response.body) throw new Error(`the server answers ${response.status}`);
    // A server that knows no ranges sends everything.
    const appends = response.status === 206;
    const target = await open(incomplete, appends ? "a" : "w");
    let doneBytes = appends ? begin : 0;
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = watch();
        await target.writeFile(chunk);
        doneBytes += chunk.length;
        onProgress?.({ file: name, doneBytes, totalBytes: file.bytes });
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A large file's etag is its SHA-256, a small one's the hash that git gives its content. */
async function hasRightHash(path: string, { etag, bytes }: HubFile): Promise<boolean> {
  const hash = etag.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex") === etag;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function checkSpace(blob: string, bytes: number, name: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(blob));
  if (bavail * bsize < bytes) throw noSpace(name, blob, bytes);
}

function noSpace(name: string, path: string, bytes: number): HubRefusal {
  const megabytes = Math.ceil(bytes / 1e6);
  return new HubRefusal(
    `No space for ${name} (${megabytes} MB) in ${dirname(path)}. Free some space, or set HF_HUB_CACHE to a folder on another disk.`,
  );
}
