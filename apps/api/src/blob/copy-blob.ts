import { createHash } from "node:crypto";
import { pieceBytes } from "@residual/shared";
import type { BlobStore } from "./blob-store.js";

/** A copy that is not what its name says; nothing of it was kept. */
class DamagedBlob extends Error {
  override readonly name = "DamagedBlob";

  constructor(sha256: string, place: string, found: string) {
    super(`Blob ${sha256} in ${place} has the content ${found}. It was not copied; get it from another backup.`);
  }
}

/**
 * Copies a blob of so many bytes from one store to another, with a piece of it in memory, unless it is there already. `id`: never used before in the
 * other store.
 * Throws a MissingBlob, and a DamagedBlob where the content is another one.
 */
export async function copyBlob(
  from: BlobStore,
  to: BlobStore,
  { sha256, bytes }: { sha256: string; bytes: number },
  id: string,
): Promise<void> {
  if ((await to.size(sha256)) === bytes) return;
  const body = await from.read(sha256);
  const staged = await to.begin(sha256, id);
  try {
    const hash = createHash("sha256");
    const receipts: string[] = [];
    let offset = 0;
    for await (const piece of inPieces(body as AsyncIterable<Buffer>)) {
      hash.update(piece);
      receipts.push(await to.put(staged, receipts.length, offset, piece));
      offset += piece.length;
    }
    const found = hash.digest("hex");
    if (found !== sha256) throw new DamagedBlob(sha256, from.place, found);
    await to.finish(staged, receipts);
  } catch (error) {
    await to.abort(staged);
    throw error;
  }
}

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < pieceBytes) continue;
    const joined = Buffer.concat(waiting);
    const whole = length - (length % pieceBytes);
    for (let at = 0; at < whole; at += pieceBytes) yield joined.subarray(at, at + pieceBytes);
    waiting = whole < length ? [joined.subarray(whole)] : [];
    length -= whole;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
