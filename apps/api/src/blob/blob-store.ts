import type { Readable } from "node:stream";
import { pieceBytes } from "@residual/shared";
import { AppError } from "../errors.js";

/** Bytes that are on their way: the blob that they shall be, and what the store calls them until then. */
export interface StagedBlob {
  /** Hex digits. */
  readonly sha256: string;
  readonly token: string;
}

/** Bytes `start` to `end`, both inclusive, as in an HTTP Range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where files are kept, named by their content and nothing else: no name that a client chose is part of a path or key. A blob appears whole or not at
 * all and never changes; the caller vouches that what it staged has the hash. Who may see one is no matter of the store.
 */
export interface BlobStore {
  /** Where it is, for whoever operates it. */
  readonly place: string;
  /** Begins a blob. `id` is the caller's own and was never used before. */
  begin(sha256: string, id: string): Promise<StagedBlob>;
  /** Keeps piece `index` (0, 1, …), which begins at byte `offset`; the same again replaces it. Returns what `finish` needs to find it. */
  put(staged: StagedBlob, index: number, offset: number, bytes: Uint8Array): Promise<string>;
  /** Makes a blob of the pieces: once it resolves, no crash takes it away. */
  finish(staged: StagedBlob, receipts: readonly string[]): Promise<void>;
  /** Drops what was staged; does nothing where nothing is. */
  abort(staged: StagedBlob): Promise<void>;
  /** In bytes; null where there is no such blob. */
  size(sha256: string): Promise<number | null>;
  /** Throws a MissingBlob where there is none. */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  remove(sha256: string): Promise<void>;
  /** Every blob, in no order. */
  list(): AsyncIterable<{ sha256: string; bytes: number }>;
}

/** In S3 an upload has 10,000 parts at most. */
export const maxBlobBytes = 10_000 * pieceBytes;

/** A store that cannot be used now: its disk is full, its server is away. What was asked for may simply be asked again. `reason` names no place. */
export function storeAway(reason: string): AppError {
  return new AppError(
    "UNAVAILABLE",
    `Files can neither be stored nor read at the moment (${reason}). Nothing was changed; repeat the request in a few seconds.`,
  );
}

/** A blob that the database knows and the store does not: somebody has tampered with one of them, or a restore was left half done. */
export class MissingBlob extends Error {
  override readonly name = "MissingBlob";

  constructor(sha256: string, place: string) {
    super(
      `${place} has no blob ${sha256}. Copy it back from a backup; npm run db -- verify lists all that are missing.`,
    );
  }
}
