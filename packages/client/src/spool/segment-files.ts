import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { decodeRecords, encodeRecord, type SpooledFrame } from "./spool-record.js";

/** A segment of this size is followed by the next, so that what is acknowledged can be deleted. */
const SEGMENT_BYTES = 4 << 20;
const SYNC_MS = 1_000;

interface Segment {
  readonly path: string;
  readonly first: number;
  last: SpooledFrame;
  bytes: number;
}

/** The append-only files of a spool. Seqs in them ascend by one; the oldest segments are deleted once they are acknowledged. */
export class SegmentFiles {
  /** Of the last segment. */
  private file: number | undefined;
  /** The segment that was read last: a long way back to the writer's pace reads each file a few times only. */
  private cached: { readonly segment: Segment; readonly bytes: number; readonly frames: SpooledFrame[] } | undefined;
  private isSyncing = false;
  private lastSync = 0;
  private totalBytes: number;

  constructor(
    private readonly folder: string,
    private readonly segments: Segment[] = [],
    readonly first?: SpooledFrame,
  ) {
    this.totalBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What an earlier process wrote beyond the acknowledged seq. From the first damaged or missing record on everything is cut off. */
  static recover(folder: string, acked: number): SegmentFiles {
    const segments: Segment[] = [];
    let oldest: SpooledFrame | undefined;
    let isWhole = true;
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith(".frames")) continue;
      const path = join(folder, name);
      const content = readFileSync(path);
      const { frames, end } = decodeRecords(isWhole ? content : Buffer.alloc(0));
      const first: SpooledFrame | undefined = frames[0];
      const before: number | undefined = segments.at(-1)?.last.seq;
      const isAcked = (frames.at(-1)?.seq ?? 0) <= acked;
      if (!first || isAcked || (before !== undefined && first.seq !== before + 1)) {
        rmSync(path);
        isWhole &&= first !== undefined && isAcked;
        continue;
      }
      oldest ??= first;
      if (end < content.length) {
        truncateSync(path, end);
        isWhole = false;
      }
      segments.push({ path, first: first.seq, last: frames.at(-1)!, bytes: end });
    }
    return new SegmentFiles(folder, segments, oldest);
  }

  get last(): SpooledFrame | undefined {
    return this.segments.at(-1)?.last;
  }

  get bytes(): number {
    return this.totalBytes;
  }

  /** Throws, and leaves the file as it was, where it cannot be written. */
  append(frame: SpooledFrame): void {
    let segment = this.segments.at(-1);
    // After a time without space what was sent from memory is missing here: seqs ascend by one within a file.
    const isNext = segment?.last.seq === frame.seq - 1 && segment.bytes < SEGMENT_BYTES;
    if (!segment || !isNext || this.file === undefined) segment = this.begin(frame);
    const record = encodeRecord(frame);
    try {
      for (let done = 0; done < record.length; ) done += writeSync(this.file!, record, done);
    } catch (error) {
      // Half a record would hide every later one.
      ftruncateSync(this.file!, segment.bytes);
      throw error;
    }
    segment.last = frame;
    segment.bytes += record.length;
    this.totalBytes += record.length;
  }

  /** Frames after `seq`, as many as one file holds. Throws where one is missing or damaged. */
  read(seq: number): SpooledFrame[] {
    const segment = this.segments.find(({ last, bytes }) => bytes > 0 && last.seq > seq);
    if (!segment) return [];
    if (this.cached?.segment !== segment || this.cached.bytes !== segment.bytes) {
      const { frames } = decodeRecords(readFileSync(segment.path));
      this.cached = { segment, bytes: segment.bytes, frames };
    }
    const { frames } = this.cached;
    const found = frames.slice(Math.max(0, seq + 1 - segment.first));
    if (found[0]?.seq !== seq + 1)
      throw new Error(
        `The spool ${this.folder} lacks frame ${seq + 1}: its files were changed or the disk is damaged.`,
      );
    return found;
  }

  deleteUpTo(seq: number): void {
    // The one that is being written stays: its number may be needed at the next start.
    while (this.segments.length > 1 && this.segments[0]!.last.seq <= seq) {
      const { path, bytes } = this.segments.shift()!;
      this.totalBytes -= bytes;
      rmSync(path, { force: true });
    }
    if (this.cached && this.cached.segment.last.seq <= seq) this.cached = undefined;
  }

  sync(): void {
    if (this.file !== undefined) fdatasyncSync(this.file);
  }

  /** At most once a second, beside the work. */
  syncSometimes(): void {
    const { file } = this;
    if (file === undefined || this.isSyncing || Date.now() - this.lastSync < SYNC_MS) return;
    this.isSyncing = true;
    this.lastSync = Date.now();
    // Where it fails, or the file is closed meanwhile, the kernel has the frames all the same.
    fdatasync(file, () => {
      this.isSyncing = false;
    });
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private begin(frame: SpooledFrame): Segment {
    // A segment that was begun and could not be written holds nothing: it is begun again.
    const empty = this.segments.at(-1)?.bytes === 0 ? this.segments.pop() : undefined;
    const path = empty?.path ?? join(this.folder, `${String(frame.seq).padStart(16, "0")}.frames`);
    if (!empty || this.file === undefined) {
      this.close();
      this.file = openSync(path, "a");
    }
    const segment: Segment = { path, first: frame.seq, last: frame, bytes: 0 };
    this.segments.push(segment);
    return segment;
  }
}
