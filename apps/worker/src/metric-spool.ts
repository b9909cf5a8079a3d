import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";

/** Whose frames a spool holds. A writer is one process's hold on one run: a new claim is a new writer. */
export interface SpoolOwner {
  readonly run: string;
  readonly writer: string;
  readonly leaseGeneration: number;
}

interface SpoolRecord {
  readonly seq: number;
  /** Of the payload in the file. */
  readonly offset: number;
  readonly length: number;
}

const HEADER_BYTES = 16;
/** A frame of 5,000 points takes about 60 KB; a length beyond this is damage. */
const LARGEST_PAYLOAD = 16 * 1024 * 1024;
/** A file whose frames are all acknowledged begins anew above this size. */
const RENEW_BYTES = 8 * 1024 * 1024;

/** A disk that takes no more metrics. The message says where and what to do. */
export class SpoolError extends Error {
  override name = "SpoolError";
}

/**
 * Frames on disk until the API has acknowledged them. One append-only file, `frames`: a record is length (u32), CRC-32 of seq and payload
 * (u32), seq (u64), payload, little-endian. `acked` holds the last acknowledged seq, replaced by a rename; `owner.json` says whose they are.
 *
 * A killed process loses nothing that was appended: the kernel has it. After a power cut the last second may be missing.
 * A record that was being written then fails its checksum and is cut off when the spool is opened.
 */
export class MetricSpool {
  private records: SpoolRecord[] = [];
  private end = 0;
  private syncing = false;
  private lastSync = 0;

  private constructor(
    readonly folder: string,
    readonly owner: SpoolOwner,
    private readonly file: number,
    private acked: number,
    private lastSeq: number,
  ) {}

  /** A new spool. Throws a SpoolError on a full disk, and when the folder exists already: a seq must never be given twice. */
  static create(folder: string, owner: SpoolOwner): MetricSpool {
    return withSpace(folder, () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "owner.json"), JSON.stringify(owner), { flag: "wx" });
      return new MetricSpool(folder, owner, openSync(join(folder, "frames"), "ax+"), 0, 0);
    });
  }

  /** The spool that an earlier process left. Throws when the folder holds none. */
  static open(folder: string): MetricSpool {
    const owner = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as SpoolOwner;
    const acked = readAcked(folder);
    const file = openSync(join(folder, "frames"), "a+");
    const spool = new MetricSpool(folder, owner, file, acked, acked);
    spool.recover(readFileSync(join(folder, "frames")));
    return spool;
  }

  /** Appends a frame under the next seq (1, 2, 3 …), which it returns. Throws a SpoolError, and leaves the file as it was, on a full disk. */
  append(payload: Uint8Array): number {
    const seq = this.lastSeq + 1;
    const record = Buffer.alloc(HEADER_BYTES + payload.length);
    record.writeUInt32LE(payload.length, 0);
    record.writeBigUInt64LE(BigInt(seq), 8);
    record.set(payload, HEADER_BYTES);
    record.writeUInt32LE(crc32(record.subarray(8)), 4);
    withSpace(this.folder, () => this.write(record));
    this.records.push({ seq, offset: this.end + HEADER_BYTES, length: payload.length });
    this.end += record.length;
    this.lastSeq = seq;
    this.syncSometimes();
    return seq;
  }

  /** The oldest frame that was not acknowledged, read from disk. */
  first(): { readonly seq: number; readonly payload: Uint8Array } | undefined {
    const record = this.records[0];
    if (!record) return undefined;
    const payload = new Uint8Array(record.length);
    for (let done = 0; done < record.length; ) {
      const count = readSync(this.file, payload, done, record.length - done, record.offset + done);
      if (count === 0) throw new Error(`the spool ${this.folder} is shorter than what was written to it`);
      done += count;
    }
    return { seq: record.seq, payload };
  }

  /** Frames that wait for their acknowledgement. */
  get waiting(): number {
    return this.records.length;
  }

  /** All frames up to this seq are stored by the API. */
  acknowledge(seq: number): void {
    if (seq <= this.acked) return;
    this.acked = seq;
    while (this.records[0] && this.records[0].seq <= seq) this.records.shift();
    this.note(seq);
    if (this.records.length > 0 || this.end < RENEW_BYTES) return;
    ftruncateSync(this.file, 0);
    this.end = 0;
  }

  close(): void {
    closeSync(this.file);
  }

  /** For a spool whose every frame is acknowledged, or that nobody wants any more. */
  async remove(): Promise<void> {
    this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private write(record: Buffer): void {
    try {
      for (let done = 0; done < record.length; ) done += writeSync(this.file, record, done);
    } catch (error) {
      // Half a record would put every later one at another place than is noted of it.
      ftruncateSync(this.file, this.end);
      throw error;
    }
  }

  /** Losing the note only means to send a frame again: it is not synced, and a disk without space for it ends no run. */
  private note(seq: number): void {
    const temporary = join(this.folder, "acked.tmp");
    try {
      writeFileSync(temporary, String(seq));
      renameSync(temporary, join(this.folder, "acked"));
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  /** Reads the records; the first damaged one and all after it are cut off. */
  private recover(bytes: Buffer): void {
    while (this.end + HEADER_BYTES <= bytes.length) {
      const length = bytes.readUInt32LE(this.end);
      const next = this.end + HEADER_BYTES + length;
      if (length > LARGEST_PAYLOAD || next > bytes.length) break;
      if (crc32(bytes.subarray(this.end + 8, next)) !== bytes.readUInt32LE(this.end + 4)) break;
      const seq = Number(bytes.readBigUInt64LE(this.end + 8));
      if (seq > this.acked) this.records.push({ seq, offset: this.end + HEADER_BYTES, length });
      this.lastSeq = Math.max(this.lastSeq, seq);
      this.end = next;
    }
    if (this.end < bytes.length) ftruncateSync(this.file, this.end);
  }

  /** At most once a second, beside the work. */
  private syncSometimes(): void {
    if (this.syncing || performance.now() - this.lastSync < 1000) return;
    this.syncing = true;
    this.lastSync = performance.now();
    promisify(fdatasync)(this.file)
      // The file may have been closed meanwhile; what matters is already with the kernel.
      .catch(() => {})
      .finally(() => {
        this.syncing = false;
      });
  }
}

function withSpace<Result>(folder: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (!isFull(error)) throw error;
    throw new SpoolError(
      `No space for the metrics of the run in ${folder}. What was acknowledged is stored. Free some space and resume the run.`,
      { cause: error },
    );
  }
}

function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function readAcked(folder: string): number {
  try {
    return Number(readFileSync(join(folder, "acked"), "utf8"));
  } catch {
    return 0;
  }
}
