import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { SpooledFrame } from "./spool-record.js";

const BYTES = 20;

/** How far a spool is acknowledged: seq and total (f64) and their CRC-32, replaced in place. One that is lost only means to send again. */
export class AckedFile {
  private readonly record = Buffer.alloc(BYTES);

  private constructor(private readonly file: number) {}

  static open(folder: string): AckedFile {
    return new AckedFile(openSync(join(folder, "acked"), constants.O_RDWR | constants.O_CREAT));
  }

  read(): Pick<SpooledFrame, "seq" | "total"> {
    const none = { seq: 0, total: 0 };
    if (readSync(this.file, this.record, 0, BYTES, 0) < BYTES) return none;
    if (crc32(this.record.subarray(0, 16)) !== this.record.readUInt32LE(16)) return none;
    return { seq: this.record.readDoubleLE(0), total: this.record.readDoubleLE(8) };
  }

  write({ seq, total }: Pick<SpooledFrame, "seq" | "total">): void {
    this.record.writeDoubleLE(seq, 0);
    this.record.writeDoubleLE(total, 8);
    this.record.writeUInt32LE(crc32(this.record.subarray(0, 16)), 16);
    try {
      writeSync(this.file, this.record, 0, BYTES, 0);
    } catch {
      // A disk without space for the note ends no run.
    }
  }

  close(): void {
    closeSync(this.file);
  }
}
