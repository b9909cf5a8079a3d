import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiAccess } from "../transport/ask-graphql.js";
import { Refused, Unavailable } from "../transport/transport.js";
import { askUpload } from "./ask-upload.js";
import type { LoggedArtifact } from "./log-artifact.js";

export interface FileToSend extends ApiAccess {
  readonly run: string;
  readonly name: string;
  readonly mediaType?: string;
  readonly leaseGeneration?: number;
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly onProgress?: (sent: number, bytes: number) => void;
  readonly signal?: AbortSignal;
}

const BASE_MS = 250;
const LONGEST_MS = 15_000;
const PATIENCE_MS = 15 * 60_000;

/** The upload of a file whose length and hash are known: see logArtifact. */
export async function sendFile(file: FileToSend): Promise<LoggedArtifact> {
  const { run, name, bytes, sha256, mediaType, leaseGeneration } = file;
  const json = { run, name, bytes, sha256, mediaType, leaseGeneration };
  const { id, pieceBytes } = await patiently<{ id: string; pieceBytes: number }>(file, () =>
    askUpload(file, "POST", "/upload", { json }),
  );
  const handle = await open(file.path, "r");
  try {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bytes));
    for (let offset = 0; offset < bytes; ) {
      file.onProgress?.(offset, bytes);
      const length = await readPiece(handle, piece, offset, bytes, file.path);
      offset = await patiently(file, () => sendPiece(file, id, piece.subarray(0, length), offset));
    }
    file.onProgress?.(bytes, bytes);
    return await patiently(file, () => askUpload<LoggedArtifact>(file, "POST", `/upload/${id}/complete`));
  } catch (error) {
    // Else it would count against the project's room for a day.
    await askUpload({ ...file, signal: AbortSignal.timeout(5_000) }, "DELETE", `/upload/${id}`).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Returns where the upload stands afterwards. A piece whose answer was lost is at the wrong offset when it comes again: the API says which is right. */
async function sendPiece(file: FileToSend, id: string, piece: Uint8Array, offset: number): Promise<number> {
  try {
    await askUpload(file, "PATCH", `/upload/${id}`, { piece, offset });
    return offset + piece.length;
  } catch (error) {
    const right = error instanceof Refused && error.code === "CONFLICT" ? error.expected : undefined;
    if (right === undefined || right === offset) throw error;
    return right;
  }
}

async function readPiece(
  handle: FileHandle,
  piece: Buffer,
  offset: number,
  bytes: number,
  path: string,
): Promise<number> {
  const length = Math.min(piece.length, bytes - offset);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(piece, read, length - read, offset + read);
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was uploaded. Upload it again.`);
    read += bytesRead;
  }
  return length;
}

/** Repeats what may pass, with growing random pauses. */
async function patiently<T>({ signal }: FileToSend, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Unavailable) || performance.now() - begun > PATIENCE_MS) throw error;
      const ms = Math.random() * Math.min(LONGEST_MS, BASE_MS * 2 ** attempt);
      await sleep(Math.max(ms, error.retryAfterSeconds * 1000), undefined, { signal });
    }
  }
}
