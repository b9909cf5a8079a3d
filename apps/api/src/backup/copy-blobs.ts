import { randomBytes } from "node:crypto";
import type { ClientBase } from "pg";
import { type BlobStore, MissingBlob } from "../blob/blob-store.js";
import { copyBlob } from "../blob/copy-blob.js";

type CopiedBlobs = {
  readonly blobs: number;
  readonly bytes: number;
  /** Contents that are nowhere to be had. The files that have them are kept, without their bytes. */
  readonly missing: string[];
};

/**
 * Copies what the artifacts of a database have from one store to another; what is there already is left alone. Each copy is checked against its hash:
 * throws a DamagedBlob.
 */
export async function copyBlobs(
  client: Pick<ClientBase, "query">,
  from: BlobStore,
  to: BlobStore,
  onBlob: (blobs: number, bytes: number) => void = () => {},
): Promise<CopiedBlobs> {
  const { rows } = await client.query<{ sha256: string; bytes: number }>(
    "SELECT sha256, bytes::float8 AS bytes FROM blob WHERE refs > 0 ORDER BY sha256",
  );
  const missing: string[] = [];
  let [blobs, bytes] = [0, 0];
  for (const blob of rows) {
    try {
      await copyBlob(from, to, blob, `copy${randomBytes(12).toString("hex")}`);
      bytes += blob.bytes;
      onBlob(++blobs, bytes);
    } catch (error) {
      if (!(error instanceof MissingBlob)) throw error;
      missing.push(blob.sha256);
    }
  }
  return { blobs, bytes, missing };
}
