import type { IncomingMessage } from "node:http";
import { pieceBytes, Sha256 } from "@residual/shared";
import type { App } from "../../context.js";
import { AppError, badInput } from "../../errors.js";
import { transaction } from "../../transaction.js";
import type { Upload } from "./upload-row.js";

/** How many bytes the next piece must have. */
function nextPiece({ bytes, received }: Pick<Upload, "bytes" | "received">): number {
  return Math.min(pieceBytes, bytes - received);
}

/**
 * Takes the next piece of an upload, whole or not at all, and returns how many bytes there are now. Throws CONFLICT with the right offset for a piece
 * that belongs elsewhere or that another request was faster with, MISMATCH for one of another length. A connection that breaks has sent nothing.
 */
export async function appendPiece(
  { pool, blobs }: Pick<App, "pool" | "blobs">,
  upload: Upload,
  offset: number,
  request: IncomingMessage,
): Promise<number> {
  if (upload.artifactId !== null || offset !== upload.received) throw wrongOffset(upload.received);
  const length = nextPiece(upload);
  checkLength(request, length);
  const hash = Sha256.resume(upload.hashState);
  const piece = await readPiece(request, length, hash);
  return transaction(pool, async (client) => {
    // Of two requests with the same offset the second waits here, and then is at the wrong one.
    const { rows } = await client.query<{ received: number }>("SELECT received FROM upload WHERE id = $1 FOR UPDATE", [
      upload.id,
    ]);
    if (rows[0]?.received !== offset) throw wrongOffset(rows[0]?.received ?? 0);
    const receipt = await blobs.put(upload, Math.floor(offset / pieceBytes), offset, piece);
    await client.query(
      `UPDATE upload SET received = $2, hash_state = $3, receipts = array_append(receipts, $4), touched_at = now() WHERE id = $1`,
      [upload.id, offset + length, Buffer.from(hash.save()), receipt],
    );
    return offset + length;
  });
}

function checkLength({ headers }: IncomingMessage, length: number): void {
  if (headers["content-encoding"] !== undefined)
    throw badInput("Content-Encoding", "A piece is sent as it is, without Content-Encoding.");
  const said = Number(headers["content-length"]);
  if (said !== length)
    throw new AppError(
      "MISMATCH",
      `The next piece has ${length} bytes, and Content-Length says ${headers["content-length"] ?? "nothing"}. Pieces have ${pieceBytes} bytes, the last one what is left.`,
      { length },
    );
}

/** Hashed as it comes, which takes turns with other requests. */
async function readPiece(request: IncomingMessage, length: number, hash: Sha256): Promise<Buffer> {
  const piece = Buffer.allocUnsafe(length);
  let read = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    read += chunk.copy(piece, read);
  }
  return piece;
}

function wrongOffset(offset: number): AppError {
  return new AppError("CONFLICT", `The next piece begins at byte ${offset}: go on there.`, { offset });
}
