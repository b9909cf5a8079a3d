import { open } from "node:fs/promises";

/** Writes pieces one after the other and syncs; pieces may be large, and are not joined in memory. Returns the bytes written. */
export async function writePieces(path: string, pieces: Iterable<Uint8Array>): Promise<number> {
  const file = await open(path, "wx");
  try {
    let bytes = 0;
    for (const piece of pieces) {
      await file.writeFile(piece);
      bytes += piece.byteLength;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}
