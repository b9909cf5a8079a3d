import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { NativeError } from "./native-error.mjs";

/** Breaks in a row without a single new byte, after which we give up. */
const patience = 4;

/**
 * Fetches a wheel to `file`, going on with a part that an earlier try left in `<file>.part`, and checks its SHA-256.
 * A connection that breaks is made again. `onProgress` receives the bytes that are here. A file that is complete is not fetched again.
 */
export async function download({ filename, url, headers, sha256, size }, file, onProgress) {
  if ((await sizeOf(file)) !== size) {
    const part = `${file}.part`;
    await fetchAll({ url, headers, size }, part, onProgress);
    await rename(part, file);
  }
  if ((await hashOf(file)) !== sha256) {
    await rm(file);
    throw new NativeError(
      `${filename} is damaged: its SHA-256 is not the one that the package index gives. It was deleted; try again.`,
    );
  }
}

async function fetchAll({ url, headers, size }, part, onProgress) {
  if ((await sizeOf(part)) > size) await rm(part);
  let breaks = 0;
  for (let have = await sizeOf(part); have < size; ) {
    try {
      await fetchFrom(have, { url, headers }, part, onProgress);
    } catch (error) {
      if (error instanceof NativeError || error.code === "ENOSPC") throw error;
      const now = await sizeOf(part);
      breaks = now > have ? 0 : breaks + 1;
      if (breaks >= patience) {
        throw new NativeError(
          `The connection to ${url.host} broke again and again (${error.cause?.message ?? error.message}). ` +
            "What is here is kept; run the command again to go on.",
        );
      }
      await pause(500 * breaks);
    }
    have = await sizeOf(part);
  }
}

async function fetchFrom(have, { url, headers }, part, onProgress) {
  const range = have > 0 ? { range: `bytes=${have}-` } : {};
  const response = await fetch(url, { headers: { ...headers, ...range } });
  if (!response.ok)
    throw new NativeError(`${url.host} answers ${response.status} for ${url.pathname}. Try again later.`);
  // A server that ignores the range sends all again.
  let received = response.status === 206 ? have : 0;
  const file = await open(part, received > 0 ? "a" : "w");
  try {
    // Each piece is on disk before the next one is asked for: a break loses nothing that came.
    for await (const piece of response.body) {
      await file.writeFile(piece);
      received += piece.length;
      onProgress(received);
    }
  } finally {
    await file.close();
  }
}

async function sizeOf(file) {
  return (await stat(file).catch(() => ({ size: 0 }))).size;
}

async function hashOf(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest("hex");
}
