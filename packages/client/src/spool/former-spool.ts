import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { decodeMetricFrame, metricFramePoints } from "@residual/shared";
import { encodeRecord, type SpooledFrame } from "./spool-record.js";

const HEADER_BYTES = 16;

/**
 * Turns a spool of version 0.1 (one file, `frames`: length u32, CRC-32 u32, seq u64, frame; `acked` as text) into one of today, so that
 * an update loses no metrics. May be cut short anywhere and be done again.
 */
export function convertFormerSpool(folder: string): void {
  const former = join(folder, "frames");
  if (!existsSync(former)) return;
  const acked = Number(existsSync(join(folder, "acked")) ? readFileSync(join(folder, "acked"), "utf8") : 0) || 0;
  const frames = readFormer(readFileSync(former)).filter(({ seq }) => seq > acked);
  // The server knows what it has acknowledged of the rest; a note in the old form would be taken for damage.
  rmSync(join(folder, "acked"), { force: true });
  if (frames[0]) {
    const temporary = join(folder, "converted.tmp");
    writeFileSync(temporary, Buffer.concat(frames.map(encodeRecord)));
    renameSync(temporary, join(folder, `${String(frames[0].seq).padStart(16, "0")}.frames`));
  }
  rmSync(former);
}

function readFormer(bytes: Buffer): SpooledFrame[] {
  const frames: SpooledFrame[] = [];
  let total = 0;
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const next = at + HEADER_BYTES + bytes.readUInt32LE(at);
    if (next > bytes.length || crc32(bytes.subarray(at + 8, next)) !== bytes.readUInt32LE(at + 4)) break;
    const frame = bytes.subarray(at + HEADER_BYTES, next);
    total += metricFramePoints(decodeMetricFrame(frame));
    frames.push({ seq: Number(bytes.readBigUInt64LE(at + 8)), total, bytes: frame });
    at = next;
  }
  return frames;
}
