import { crc32 } from "node:zlib";

/** A frame of a writer. `total` counts the points of all its frames up to this one. */
export interface SpooledFrame {
  readonly seq: number;
  readonly total: number;
  readonly bytes: Uint8Array;
}

/** Before the frame: its length (u32), CRC-32 of all that follows it here (u32), seq (f64), total (f64); little-endian. */
const HEADER_BYTES = 24;
/** A length beyond this is damage: no frame is as long. */
const LARGEST_FRAME = 16 << 20;

/** The record of a frame as it lies in a segment. */
export function encodeRecord({ seq, total, bytes }: SpooledFrame): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + bytes.length);
  record.writeUInt32LE(bytes.length, 0);
  record.writeDoubleLE(seq, 8);
  record.writeDoubleLE(total, 16);
  record.set(bytes, HEADER_BYTES);
  record.writeUInt32LE(crc32(record.subarray(8)), 4);
  return record;
}

/** The whole records at the beginning of a segment, as views, and where they end: what follows was cut or damaged. */
export function decodeRecords(segment: Buffer): { readonly frames: SpooledFrame[]; readonly end: number } {
  const frames: SpooledFrame[] = [];
  let end = 0;
  while (end + HEADER_BYTES <= segment.length) {
    const length = segment.readUInt32LE(end);
    const next = end + HEADER_BYTES + length;
    if (length > LARGEST_FRAME || next > segment.length) break;
    if (crc32(segment.subarray(end + 8, next)) !== segment.readUInt32LE(end + 4)) break;
    const bytes = segment.subarray(end + HEADER_BYTES, next);
    frames.push({ seq: segment.readDoubleLE(end + 8), total: segment.readDoubleLE(end + 16), bytes });
    end = next;
  }
  return { frames, end };
}
