import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ApiAccess } from "../transport/ask-graphql.js";
import { type FileToSend, sendFile } from "./send-file.js";

export interface LogArtifactOptions extends ApiAccess {
  /** Id of the run that the file belongs to. */
  readonly run: string;
  /** What it is called there; the same name again becomes its next version. */
  readonly name: string;
  /** The file's path, or a stream of its bytes, which is written to a temporary file first. */
  readonly file: string | Readable;
  /** As `image/png`; for people, nothing rests on it. */
  readonly mediaType?: string;
  /** Of a worker's lease on the run. */
  readonly leaseGeneration?: number;
  readonly onProgress?: (sent: number, bytes: number) => void;
  /** Aborted to give it up. */
  readonly signal?: AbortSignal;
}

/** A file that the API keeps. */
export interface LoggedArtifact {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly sha256: string;
  readonly bytes: number;
  /** Where it is served. */
  readonly path: string;
}

/**
 * Uploads a file to a run, with a piece of it in memory. A cut connection or an API that restarts only delays it: it goes on where the API says that
 * it stands, and gives up after 15 minutes in which no piece got through. The file must not change meanwhile.
 *
 * Throws a Refused for what the API does not take (its message says why), an Unavailable when it gives up, and errors of the file system.
 */
export async function logArtifact({ file, ...options }: LogArtifactOptions): Promise<LoggedArtifact> {
  if (typeof file === "string") return sendFile({ ...options, ...(await describe(file)) });
  const folder = await mkdtemp(join(tmpdir(), "residual-artifact-"));
  try {
    const path = join(folder, "content");
    await pipeline(file, createWriteStream(path, { mode: 0o600 }));
    return await sendFile({ ...options, ...(await describe(path)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function describe(path: string): Promise<Pick<FileToSend, "path" | "bytes" | "sha256">> {
  const hash = createHash("sha256");
  const { size: bytes } = await stat(path);
  await pipeline(createReadStream(path), hash);
  return { path, bytes, sha256: hash.digest("hex") };
}
